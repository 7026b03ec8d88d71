#pragma once
#include <functional>

#include "weir/testing/path.hpp"

/// Edits for unit tests: each takes a document's text and returns the new one; what is not written keeps its bytes.
namespace weir::testing {

namespace detail {

inline std::string spliced(std::string_view text, std::size_t begin, std::size_t end, std::string_view by) {
  return std::string(text.substr(0, begin)).append(by).append(text.substr(end));
}

/// A node edit: gets the text, the parent (null: the root) and the node's number in it; returns the new text.
using NodeEdit = std::function<std::string(std::string_view text, const Node* parent, const Node& node)>;

/// Follows hops from the root and edits there; inside a string, the edited JSON is escaped again.
inline std::string edit_at(std::string_view text, const Hops& hops, std::size_t first, const NodeEdit& edit) {
  const Node root = parse(text);
  const Node* parent = nullptr;
  const Node* node = &root;
  for (std::size_t i = first; i < hops.size(); ++i) {
    if (hops[i] == kEmbedded) {
      const std::string inside = edit_at(unescape(node->in(text)), hops, i + 1, edit);
      return spliced(text, node->begin, node->end, quote(inside));
    }
    parent = node;
    node = &node->children[hops[i]];
  }
  return edit(text, parent, *node);
}

inline std::string remove_node(std::string_view text, const Node* parent, const Node& node) {
  if (parent == nullptr) throw BadDocument{"the root cannot be removed"};
  const auto& all = parent->children;
  const auto number = static_cast<std::size_t>(&node - all.data());
  const auto start = [&](const Node& child) { return parent->type == WEIR_OBJECT ? child.name_begin : child.begin; };
  if (number + 1 < all.size()) return spliced(text, start(node), start(all[number + 1]), "");
  return spliced(text, number > 0 ? all[number - 1].end : start(node), node.end, "");
}

inline std::string add_member(std::string_view text, const Node& object, std::string_view name, std::string_view json) {
  std::string member = quote(name) + ':';
  member += json;
  if (object.children.empty()) return spliced(text, object.begin + 1, object.begin + 1, member);
  const std::size_t end = object.children.back().end;
  return spliced(text, end, end, ',' + member);
}

/// What a new member holds when `steps` from `first` on are still to be made; empty: they cannot be made.
inline std::optional<std::string> made_for(const std::vector<Step>& steps, std::size_t first, std::string_view json) {
  if (first == steps.size()) return std::string(json);
  if (steps[first].kind != Step::Kind::name) return std::nullopt;
  const auto inner = made_for(steps, first + 1, json);
  if (!inner) return std::nullopt;
  return '{' + quote(steps[first].name) + ':' + *inner + '}';
}

inline bool same(const Step& a, const Step& b) { return a.kind == b.kind && a.name == b.name && a.index == b.index; }

/// Both name a member of the same object.
inline bool are_siblings(const std::vector<Step>& a, const std::vector<Step>& b) {
  const auto ends_in_name = [](const std::vector<Step>& steps) {
    return !steps.empty() && steps.back().kind == Step::Kind::name;
  };
  return ends_in_name(a) && ends_in_name(b) && std::equal(a.begin(), a.end() - 1, b.begin(), b.end() - 1, same);
}

inline bool lies_in(const Hops& place, const Hops& outer) {
  return outer.size() <= place.size() && std::equal(outer.begin(), outer.end(), place.begin());
}

}  // namespace detail

inline std::string replace(std::string_view text, const Hops& hops, std::string_view json) {
  return detail::edit_at(text, hops, 0, [&](std::string_view in, const Node*, const Node& node) {
    return detail::spliced(in, node.begin, node.end, json);
  });
}

inline std::string remove(std::string_view text, const Hops& hops) {
  return detail::edit_at(text, hops, 0, detail::remove_node);
}

/// Writes a value where a path of one place leads; makes missing objects. Empty: nothing to write to, such as past an array's end.
inline std::optional<std::string> set(std::string_view text, const std::vector<Step>& steps, std::string_view json) {
  for (std::size_t depth = steps.size();; --depth) {
    const std::vector<Step> there(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(depth));
    const std::vector<Place> found = places(text, there, true);
    if (found.empty()) continue;  // the root is always there
    const Place& parent = found.front();
    if (depth == steps.size()) return replace(text, parent.hops, json);
    const Step& next = steps[depth];
    if (next.kind == Step::Kind::index && parent.type == WEIR_ARRAY) return std::nullopt;
    if (next.kind != Step::Kind::name || parent.type != WEIR_OBJECT) {
      throw BadDocument{"the path leads through something else"};
    }
    const auto made = detail::made_for(steps, depth + 1, json);
    if (!made) return std::nullopt;
    return detail::edit_at(text, parent.hops, 0, [&](std::string_view in, const Node*, const Node& node) {
      return detail::add_member(in, node, next.name, *made);
    });
  }
}

/// The same for a path with `*`: in every place up to the last `*`. With `**` only what is there is replaced.
inline std::string set_all(std::string text, const std::vector<Step>& steps, std::string_view json) {
  const auto is_deep = [](const Step& step) { return step.kind == Step::Kind::any_depth; };
  const auto is_any = [](const Step& step) { return step.kind == Step::Kind::any; };
  const bool deep = std::any_of(steps.begin(), steps.end(), is_deep);
  const auto after = deep ? steps.end() : std::find_if(steps.rbegin(), steps.rend(), is_any).base();
  Hops replaced;
  std::vector<Hops> all;
  for (const Place& place : places(text, {steps.begin(), after})) {
    const bool inside = !all.empty() && detail::lies_in(place.hops, replaced);
    if (!inside) all.push_back(replaced = place.hops);
  }
  // From the last to the first, so that the hops of those before still hold.
  for (auto hops = all.rbegin(); hops != all.rend(); ++hops) {
    text = detail::edit_at(text, *hops, 0, [&](std::string_view in, const Node*, const Node& node) {
      const std::string_view at = node.in(in);
      return detail::spliced(in, node.begin, node.end, set(at, {after, steps.end()}, json).value_or(std::string(at)));
    });
  }
  return text;
}

/// Moves a member; within one object only its name changes. Empty: nothing there. Paths of one place each.
inline std::optional<std::string> rename(std::string_view text, const std::vector<Step>& from,
                                         const std::vector<Step>& to) {
  const std::vector<Place> found = places(text, from);
  if (found.empty()) return std::nullopt;
  const Hops& source = found.front().hops;
  if (source.empty() || source.back() == kEmbedded) throw BadDocument{"a root cannot be moved"};
  const std::vector<Place> targets = places(text, to);
  const Hops* target = targets.empty() ? nullptr : &targets.front().hops;
  if (target != nullptr && *target == source) return std::string(text);
  if (detail::are_siblings(from, to)) {
    const std::string cleared = target == nullptr ? std::string(text) : remove(text, *target);
    const Hops where = places(cleared, from).front().hops;
    return detail::edit_at(cleared, where, 0, [&](std::string_view in, const Node*, const Node& node) {
      return detail::spliced(in, node.name_begin, node.name_end, quote(to.back().name));
    });
  }
  const bool extends = from.size() <= to.size() && std::equal(from.begin(), from.end(), to.begin(), detail::same);
  if (extends || (target != nullptr && detail::lies_in(*target, source)))
    throw BadDocument{"a value cannot be moved into itself"};
  const auto moved = set(text, to, found.front().json);
  if (!moved || (target != nullptr && detail::lies_in(source, *target))) return moved;
  return remove(*moved, source);
}

}  // namespace weir::testing
