#pragma once
#include <deque>
#include <memory>
#include <vector>

#include "json/name_check.h"
#include "json/path.h"
#include "json/plan.h"

namespace weir::host {
class Arena;
}

namespace weir::host::json {

struct Node;

/// The nodes that one place of a document answers to: more than one where wildcards and names meet. A view into the plan or an arena.
struct NodeSet {
  const Node* const* first = nullptr;
  std::uint32_t count = 0;

  [[nodiscard]] bool empty() const { return count == 0; }
  [[nodiscard]] const Node* const* begin() const { return first; }
  [[nodiscard]] const Node* const* end() const { return first + count; }
  [[nodiscard]] bool contains(const Node* node) const {
    for (const Node* one : *this) {
      if (one == node) return true;
    }
    return false;
  }
};

/// One step prefix that paths of a plan share.
struct Node {
  static constexpr std::uint32_t kMany = 0xffffffffu;
  struct NameEdge {
    std::string name;
    std::uint32_t hash;  // as NameKey
    Node* to;
  };
  struct IndexEdge {
    std::uint64_t index;
    Node* to;
  };
  std::vector<NameEdge> names;
  std::vector<IndexEdge> indexes;
  Node* any = nullptr;
  Node* any_depth = nullptr;
  Node* embedded = nullptr;
  std::uint64_t hashes = 0;          // bit h % 64 for the hash h of each name: most names of a record are told by it
  std::uint32_t single = kMany;      // where Tree keeps its place; kMany: it may have several, or lies in embedded JSON
  bool repeats = false;              // the end of a `**`: answers to everything below as well
  std::vector<const Node*> closure;  // itself, and what answers wherever it does: `**` is any depth, zero included

  [[nodiscard]] bool descends() const { return repeats || any != nullptr || !names.empty() || !indexes.empty(); }
};

/// A path with its way through the trie: nodes_[i] is the node after i of its own steps.
class PlanPath {
 public:
  PlanPath(Path path, bool strict, const PlanPath* base)
      : path_(std::move(path)), base_(base), size_(path_.steps().size()), strict_(strict), wild_(path_.wild()) {}

  [[nodiscard]] const std::vector<Step>& steps() const { return path_.steps(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const Node* node(std::size_t after) const { return nodes_[after]; }
  /// Node::single of the last one.
  [[nodiscard]] std::uint32_t single() const { return single_; }
  [[nodiscard]] const PlanPath* base() const { return base_; }
  [[nodiscard]] bool wild() const { return wild_; }
  [[nodiscard]] bool strict() const { return strict_; }
  [[nodiscard]] const Path& path() const { return path_; }

 private:
  friend class Plan;
  Path path_;
  const PlanPath* base_;
  std::size_t size_;
  std::uint32_t single_ = Node::kMany;
  bool strict_;
  bool wild_;
  std::vector<const Node*> nodes_;
};

struct Plan::Compiled {
  std::deque<Node> nodes;  // the first is the root; deque: they do not move
  std::deque<PlanPath> paths;
  std::vector<std::unique_ptr<PlanCondition>> conditions;
  std::uint32_t singles = 0;  // nodes that have a place of their own

  Compiled();
  ~Compiled();
  [[nodiscard]] const Node& root() const { return nodes.front(); }
  Node* make_node();
  /// The node after one more step, made if it is not there.
  Node* follow(Node& from, const Step& step);
};

/// What members and elements of a place answer to. Sets that are not the plan's own lie in the arena.
[[nodiscard]] bool descends(NodeSet at);
[[nodiscard]] bool has_indexes(NodeSet at);
/// What every member or element answers to, whatever its name: `*` and `**`.
[[nodiscard]] NodeSet below(NodeSet at, Arena& arena);
/// What the member of that name answers to; `every` is below(at).
[[nodiscard]] NodeSet named_among(NodeSet at, NodeSet every, NameKey name, Arena& arena);
[[nodiscard]] inline NodeSet named(NodeSet at, NodeSet every, NameKey name, Arena& arena) {
  std::uint64_t hashes = 0;
  for (const Node* node : at) hashes |= node->hashes;
  return (hashes >> (name.hash % 64) & 1) == 0 ? every : named_among(at, every, name, arena);
}
[[nodiscard]] NodeSet indexed(NodeSet at, NodeSet every, std::uint64_t index, Arena& arena);
/// What the root of the text in a string answers to.
[[nodiscard]] NodeSet embedded(NodeSet at, Arena& arena);

}  // namespace weir::host::json
