#include "json/locate.h"

#include "json/edit.h"
#include "json/text.h"
#include "json/walk.h"
#include "record/arena.h"

namespace weir::host::json {
namespace {

weir_status start_of_relative(Tree& tree, const PlanPath& path, Place*& start) {
  for (const Frame* frame = tree.frames; frame != nullptr; frame = frame->outer) {
    if (frame->path != path.base()) continue;
    if (!is_attached(*frame->place)) return tree.data_error("a relative path whose base was edited away");
    start = frame->place;
    return WEIR_OK;
  }
  tree.reason = "a relative path outside a callback on its base";
  return WEIR_E_USAGE;
}

Place* live_child(const Place& at, const Node* node) {
  for (Place* child = at.first; child != nullptr; child = child->next) {
    if (child->alive() && child->nodes.contains(node)) return child;
  }
  return nullptr;
}

weir_status found(Place* place, Place*& out) {
  out = place;
  return place == nullptr ? WEIR_NOT_FOUND : WEIR_OK;
}

}  // namespace

Place* remembered(const Tree& tree, const PlanPath& path) {
  if (tree.doubtful || path.single() == Node::kMany) return nullptr;
  Place* const place = tree.singles[path.single()];
  return place != nullptr && place->alive() ? place : nullptr;
}

weir_status start_of(Tree& tree, const PlanPath& path, Place*& start) {
  if (tree.stale) {
    const weir_status status = refresh(tree);
    if (status != WEIR_OK) return status;
  }
  if (path.base() != nullptr) return start_of_relative(tree, path, start);
  start = tree.root;
  if (path.size() == 0 || start->kind == Kind::object) return WEIR_OK;
  return path.strict() ? tree.data_error(kRootNoObject) : WEIR_NOT_FOUND;
}

weir_status check_names(Tree& tree, const Place& at) {
  return at.kind == Kind::object && at.duplicates ? tree.data_error(kDuplicateName) : WEIR_OK;
}

weir_status no_text_inside(Tree& tree, const Place& at, bool strict) {
  return strict && at.kind != Kind::null ? tree.data_error("a value that should be JSON text is no text")
                                         : WEIR_NOT_FOUND;
}

weir_status step_down(Tree& tree, Place& at, const PlanPath& path, std::size_t step, Place*& out) {
  out = nullptr;
  switch (path.steps()[step].kind) {
    case Step::Kind::name:
      if (at.kind != Kind::object) return WEIR_NOT_FOUND;
      if (check_names(tree, at) != WEIR_OK) return WEIR_E_DATA;
      return found(live_child(at, path.node(step + 1)), out);
    case Step::Kind::index:
      if (at.kind != Kind::array) return WEIR_NOT_FOUND;
      return found(live_child(at, path.node(step + 1)), out);
    case Step::Kind::embedded: {
      if (at.kind != Kind::string) return no_text_inside(tree, at, path.strict());
      const weir_status status = look_inside(tree, at, path.strict());
      if (status != WEIR_OK) return status;
      const bool by_name = step + 1 < path.size() && path.steps()[step + 1].kind == Step::Kind::name;
      if (by_name && path.strict() && at.first->kind != Kind::object) return tree.data_error(kRootNoObject);
      return found(at.first, out);
    }
    default:
      return WEIR_NOT_FOUND;  // wildcards: walk()
  }
}

weir_status find(Tree& tree, const PlanPath& path, Place*& out) {
  if (path.wild()) {
    const auto take_first = [&out](Place& place) {
      out = &place;
      return WEIR_END;
    };
    const weir_status status = walk(tree, path, path.size(), take_first);
    return status == WEIR_END ? WEIR_OK : status;
  }
  weir_status status = start_of(tree, path, out);
  if (status == WEIR_OK) {
    if (Place* const place = remembered(tree, path)) {
      out = place;
      return WEIR_OK;
    }
  }
  for (std::size_t step = 0; status == WEIR_OK && step < path.size(); ++step)
    status = step_down(tree, *out, path, step, out);
  return status;
}

weir_status look_inside(Tree& tree, Place& string, bool strict) {
  if (!string.looked_inside) {
    std::string_view inside = string.view().substr(1, string.size - 2);
    if (string.escaped) {
      char* const plain = tree.arena->allocate(inside.size(), 1);
      const Unescaped result = unescape(inside, plain);
      tree.arena->shrink_last(plain, result.size);
      if (result.lone_surrogate) return tree.data_error(kLoneSurrogate);
      inside = {plain, result.size};
    }
    auto* const root = tree.arena->make<Place>();
    root->nodes = embedded(string.nodes, *tree.arena);
    const bool is_json = tree.scratch->scanner.scan(inside, *root, *tree.arena, tree.places, tree.singles);
    tree.doubtful = tree.doubtful || tree.scratch->scanner.met_duplicates();
    if (!is_json && tree.scratch->scanner.reason() == kTooManyPlaces) return tree.data_error(kTooManyPlaces);
    if (is_json) append_child(string, *root);
    string.looked_inside = true;
    string.not_json = !is_json;
  }
  if (!string.not_json) return WEIR_OK;
  return strict ? tree.data_error("text that should be JSON is not") : WEIR_NOT_FOUND;
}

}  // namespace weir::host::json
