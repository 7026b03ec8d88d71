#include "json/document.h"

#include "json/document_state.h"
#include "json/edit.h"
#include "json/locate.h"
#include "json/members.h"
#include "json/text.h"
#include "json/walk.h"
#include "record/arena.h"

namespace weir::host::json {
namespace {

/// Runs a plugin's callback with relative paths of `path` beginning at `place`.
class InCallback {
 public:
  InCallback(Tree& tree, const PlanPath& path, Place& place) : tree_(tree), frame_{&path, &place, tree.frames} {
    tree.frames = &frame_;
  }
  ~InCallback() { tree_.frames = frame_.outer; }
  InCallback(const InCallback&) = delete;
  InCallback& operator=(const InCallback&) = delete;

 private:
  Tree& tree_;
  Frame frame_;
};

std::string_view view_of(weir_str text) { return {text.ptr == nullptr ? "" : text.ptr, text.len}; }

std::string_view copy_of(Tree& tree, std::string_view text) { return view(tree.arena->copy(text)); }

/// What a plugin's rewrite callback asked for.
weir_status apply_action(Tree& tree, Place& place, std::int32_t action, const weir_value& to) {
  std::string_view json;
  switch (action) {
    case WEIR_KEEP:
      return WEIR_OK;
    case WEIR_REMOVE:
      return erase(tree, place);
    case WEIR_REPLACE: {
      const weir_status status = write_scalar(tree, to, json);
      return status == WEIR_OK ? replace(tree, place, json) : status;
    }
    case WEIR_REPLACE_JSON:
      return replace(tree, place, copy_of(tree, view_of(to.as.s)));
    default:
      if (action < 0) return action;
      tree.reason = "an unknown action";
      return WEIR_E_USAGE;
  }
}

/// The value that a callback is given.
weir_status given_value(Tree& tree, const Place& place, bool as_text, weir_value& out) {
  if (!as_text) return value_of(tree, place, out);
  out = weir_value{};
  out.type = WEIR_JSON;
  out.as.s = bytes_of(current_text(tree, place));
  return WEIR_OK;
}

std::size_t last_wild_step(const PlanPath& path, bool& any_depth) {
  std::size_t last = 0;
  any_depth = false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Step::Kind kind = path.steps()[i].kind;
    any_depth = any_depth || kind == Step::Kind::any_depth;
    if (kind == Step::Kind::any || kind == Step::Kind::any_depth) last = i;
  }
  return last;
}

/// With `*`: sets in every place before the last `*`, making what is missing there. With `**`, which could make members without
/// end: replaces what is there.
weir_status put_wild(Tree& tree, const PlanPath& path, std::string_view json) {
  bool any_depth = false;
  const std::size_t prefix = last_wild_step(path, any_depth) + 1;
  if (any_depth) return walk(tree, path, path.size(), [&](Place& place) { return replace(tree, place, json); });
  bool done = false;
  const weir_status status = walk(tree, path, prefix, [&](Place& place) {
    const weir_status one = put(tree, place, path, prefix, json);
    done = done || one == WEIR_OK;
    return one == WEIR_NOT_FOUND ? WEIR_OK : one;
  });
  return status == WEIR_OK && !done ? WEIR_NOT_FOUND : status;
}

weir_status put_text(Tree& tree, const PlanPath& path, std::string_view json) {
  if (path.wild()) return put_wild(tree, path, json);
  Place* start = nullptr;
  const weir_status status = start_of(tree, path, start);
  if (status == WEIR_NOT_FOUND) return tree.data_error("the root is no object");
  return status == WEIR_OK ? put(tree, *start, path, 0, json) : status;
}

weir_status check_member_names(Tree& tree, std::string_view object) {
  NameCheck& names = tree.scratch->scanner.names();
  NameCheck::Object members = names.begin();
  MemberReader reader(object);
  for (Member member; reader.next(member);) {
    std::string_view name = member.name.substr(1, member.name.size() - 2);
    if (name.find('\\') != std::string_view::npos) {
      char* const plain = tree.arena->allocate(name.size(), 1);
      name = {plain, unescape(name, plain).size};
    }
    names.push(members, NameKey(name));
  }
  return names.end(members) ? tree.data_error(kDuplicateName) : WEIR_OK;
}

weir_status visit_members(Tree& tree, std::string_view container, weir_visit visit, void* user) {
  MemberReader reader(container);
  for (Member member; reader.next(member);) {
    weir_str name{nullptr, 0};
    weir_value value;
    weir_status status = member.name.empty() ? WEIR_OK : string_of(tree, member.name, name);
    if (status == WEIR_OK) status = value_of_text(tree, member.value, value);
    if (status == WEIR_OK) status = visit(user, name, &value);
    if (status != WEIR_OK) return status;
  }
  return WEIR_OK;
}

/// Both name a member of the same object.
bool are_siblings(const PlanPath& a, const PlanPath& b) {
  if (a.base() != b.base() || a.size() != b.size() || a.size() == 0) return false;
  if (a.steps().back().kind != Step::Kind::name || b.steps().back().kind != Step::Kind::name) return false;
  return std::equal(a.steps().begin(), a.steps().end() - 1, b.steps().begin());
}

bool lies_in(const Place& place, const Place& outer) {
  for (const Place* at = &place; at != nullptr; at = at->parent) {
    if (at == &outer) return true;
  }
  return false;
}

weir_status rename_member(Tree& tree, Place& from, Place* target, const PlanPath& to) {
  if (target == &from) return WEIR_OK;
  if (target != nullptr) {
    const weir_status status = erase(tree, *target);
    if (status != WEIR_OK) return status;
  }
  return rename(tree, from, to.steps().back().name);
}

weir_status move_value(Tree& tree, Place& from, const PlanPath& from_path, Place* target, const PlanPath& to) {
  const bool extends = from_path.base() == to.base() && from_path.size() <= to.size() &&
                       std::equal(from_path.steps().begin(), from_path.steps().end(), to.steps().begin());
  if (target == &from) return WEIR_OK;
  if (extends || (target != nullptr && lies_in(*target, from)))
    return tree.data_error("a value cannot be moved into itself");
  const std::string_view json = copy_of(tree, current_text(tree, from));
  const weir_status status = target != nullptr ? replace(tree, *target, json) : put_text(tree, to, json);
  if (status != WEIR_OK) return status;
  return is_attached(from) ? erase(tree, from) : WEIR_OK;
}

}  // namespace

weir_status Document::get(const PlanPath& path, weir_value& out) {
  Tree& tree = state_->tree;
  Place* place = nullptr;
  weir_status status = find(tree, path, place);
  if (status == WEIR_OK) status = value_of(tree, *place, out);
  return note(status, path);
}

weir_status Document::raw(const PlanPath& path, weir_str& json) {
  Tree& tree = state_->tree;
  Place* place = nullptr;
  const weir_status status = find(tree, path, place);
  if (status == WEIR_OK) json = bytes_of(current_text(tree, *place));
  return note(status, path);
}

weir_status Document::each(const PlanPath& path, weir_visit visit, void* user) {
  Tree& tree = state_->tree;
  Place* place = nullptr;
  weir_status status = find(tree, path, place);
  if (status == WEIR_OK && !place->is_container()) status = WEIR_NOT_FOUND;
  if (status != WEIR_OK) return note(status, path);
  const std::string_view text = current_text(tree, *place);
  if (place->kind == Kind::object) status = check_member_names(tree, text);
  if (status == WEIR_OK) status = visit_members(tree, text, visit, user);
  return note(status, path);
}

weir_status Document::match(const PlanPath& path, weir_visit visit, void* user, bool as_text) {
  Tree& tree = state_->tree;
  return note(walk(tree, path, path.size(),
                   [&](Place& place) -> weir_status {
                     weir_str name;
                     weir_value value;
                     weir_status status = name_of(tree, place, name);
                     if (status == WEIR_OK) status = given_value(tree, place, as_text, value);
                     if (status != WEIR_OK) return status;
                     const InCallback frame(tree, path, place);
                     return visit(user, name, &value);
                   }),
              path);
}

weir_status Document::set(const PlanPath& path, const weir_value& value) {
  Tree& tree = state_->tree;
  std::string_view json;
  weir_status status = write_scalar(tree, value, json);
  if (status == WEIR_OK) status = put_text(tree, path, json);
  return note(status, path);
}

weir_status Document::set_json(const PlanPath& path, weir_str json) {
  Tree& tree = state_->tree;
  return note(put_text(tree, path, copy_of(tree, view_of(json))), path);
}

weir_status Document::rewrite(const PlanPath& path, weir_rewrite rewrite, void* user, bool as_text) {
  Tree& tree = state_->tree;
  return note(walk(tree, path, path.size(),
                   [&](Place& place) -> weir_status {
                     weir_str name;
                     weir_value value;
                     weir_value to{};
                     weir_status status = name_of(tree, place, name);
                     if (status == WEIR_OK) status = given_value(tree, place, as_text, value);
                     if (status != WEIR_OK) return status;
                     const InCallback frame(tree, path, place);
                     const std::uint64_t rebuilds = tree.rebuilds;
                     const std::int32_t action = rewrite(user, name, &value, &to);
                     if (action < 0 || is_attached(place)) return apply_action(tree, place, action, to);
                     return tree.rebuilds == rebuilds ? WEIR_OK
                                                      : tree.data_error(kRebuilt);  // else: edited away by the callback
                   }),
              path);
}

weir_status Document::move(const PlanPath& from, const PlanPath& to) {
  Tree& tree = state_->tree;
  if (from.wild() || to.wild()) {
    tree.reason = "move takes paths that name one place";
    return note(WEIR_E_USAGE, from);
  }
  Place* place = nullptr;
  Place* target = nullptr;
  weir_status status = find(tree, from, place);
  if (status != WEIR_OK) return note(status, from);
  if (place->parent == nullptr || place->parent->kind == Kind::string)
    return note(tree.data_error("a root cannot be moved"), from);
  status = find(tree, to, target);
  if (status < 0) return note(status, to);
  if (status != WEIR_OK) target = nullptr;
  status =
      are_siblings(from, to) ? rename_member(tree, *place, target, to) : move_value(tree, *place, from, target, to);
  return note(status, to);
}

weir_status Document::remove(const PlanPath& path) {
  Tree& tree = state_->tree;
  return note(walk(tree, path, path.size(), [&](Place& place) { return erase(tree, place); }), path);
}

weir_status Document::note(weir_status status, const PlanPath& path) {
  if (status == WEIR_E_DATA || status == WEIR_E_USAGE) {
    reason_ = state_->tree.reason;
    path_ = &path;
  }
  return status;
}

}  // namespace weir::host::json
