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

}  // namespace detail

inline std::string replace(std::string_view text, const Hops& hops, std::string_view json) {
  return detail::edit_at(text, hops, 0, [&](std::string_view in, const Node*, const Node& node) {
    return detail::spliced(in, node.begin, node.end, json);
  });
}

inline std::string remove(std::string_view text, Hops hops) {
  if (!hops.empty() && hops.back() == kEmbedded) hops.pop_back();  // the JSON in a string goes with the string
  return detail::edit_at(text, hops, 0, detail::remove_node);
}

/// Writes a value where a path leads; makes missing objects. Past an array's end: nothing.
inline std::string set(std::string_view text, const std::vector<Step>& steps, std::string_view json) {
  for (std::size_t depth = steps.size();; --depth) {
    const std::vector<Step> there(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(depth));
    const std::vector<Place> found = places(text, there, true);
    if (found.empty()) continue;  // the root is always there
    const Place& parent = found.front();
    if (depth == steps.size()) return replace(text, parent.hops, json);
    const Step& next = steps[depth];
    if (next.kind == Step::Kind::index && (parent.type == WEIR_ARRAY || parent.type == WEIR_OBJECT))
      return std::string(text);
    if (next.kind != Step::Kind::name || parent.type != WEIR_OBJECT)
      throw BadDocument{"the path leads through something else"};
    const auto made = detail::made_for(steps, depth + 1, json);
    if (!made) return std::string(text);
    return detail::edit_at(text, parent.hops, 0, [&](std::string_view in, const Node*, const Node& node) {
      return detail::add_member(in, node, next.name, *made);
    });
  }
}

/// Moves a member; within one object only its name changes. Empty: nothing there.
inline std::optional<std::string> rename(std::string_view text, const std::vector<Step>& from,
                                         const std::vector<Step>& to) {
  const std::vector<Place> found = places(text, from, true);
  if (found.empty()) return std::nullopt;
  if (to.empty() || to.back().kind != Step::Kind::name) throw BadDocument{"a member cannot be renamed to this path"};
  const std::vector<Place> targets = places(text, to, true);
  const Hops& source = found.front().hops;
  if (!targets.empty() && targets.front().hops == source) return std::string(text);
  const auto same = [](const Step& a, const Step& b) {
    return a.kind == b.kind && a.name == b.name && a.index == b.index;
  };
  if (std::equal(from.begin(), from.end() - 1, to.begin(), to.end() - 1, same)) {
    const std::string cleared = targets.empty() ? std::string(text) : remove(text, targets.front().hops);
    return detail::edit_at(cleared, places(cleared, from).front().hops, 0,
                           [&](std::string_view in, const Node*, const Node& node) {
                             return detail::spliced(in, node.name_begin, node.name_end, quote(to.back().name));
                           });
  }
  return set(remove(text, source), to, found.front().json);
}

}  // namespace weir::testing
