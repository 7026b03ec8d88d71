#include "json/trie.h"
#include "record/arena.h"

namespace weir::host::json {
namespace {

NodeSet closure_of(const Node& node) { return {node.closure.data(), static_cast<std::uint32_t>(node.closure.size())}; }

/// Collects sets into one without repetitions. The usual case, one set alone, is returned as it is.
class Union {
 public:
  Union(NodeSet start, Arena& arena) : set_(start), arena_(arena) {}

  void add(NodeSet more) {
    if (set_.empty()) {
      set_ = more;
      return;
    }
    for (const Node* node : more) {
      if (!set_.contains(node)) append(node);
    }
  }
  [[nodiscard]] NodeSet set() const { return set_; }

 private:
  void append(const Node* node) {
    if (own_ == nullptr || set_.count == room_) {
      room_ = set_.count * 2 + 2;
      auto** const wider = arena_.make_array<const Node*>(room_);
      for (std::uint32_t i = 0; i < set_.count; ++i) wider[i] = set_.first[i];
      own_ = wider;
      set_.first = wider;
    }
    own_[set_.count++] = node;
  }

  NodeSet set_;
  Arena& arena_;
  const Node** own_ = nullptr;
  std::uint32_t room_ = 0;
};

}  // namespace

bool descends(NodeSet at) {
  for (const Node* node : at) {
    if (node->descends()) return true;
  }
  return false;
}

bool has_indexes(NodeSet at) {
  for (const Node* node : at) {
    if (!node->indexes.empty()) return true;
  }
  return false;
}

NodeSet below(NodeSet at, Arena& arena) {
  Union result({}, arena);
  for (const Node* node : at) {
    if (node->any != nullptr) result.add(closure_of(*node->any));
    if (node->repeats) result.add(closure_of(*node));
  }
  return result.set();
}

NodeSet named_among(NodeSet at, NodeSet every, NameKey name, Arena& arena) {
  Union result(every, arena);
  for (const Node* node : at) {
    for (const Node::NameEdge& edge : node->names) {
      if (edge.hash == name.hash && edge.name == name.view()) result.add(closure_of(*edge.to));
    }
  }
  return result.set();
}

NodeSet indexed(NodeSet at, NodeSet every, std::uint64_t index, Arena& arena) {
  Union result(every, arena);
  for (const Node* node : at) {
    for (const Node::IndexEdge& edge : node->indexes) {
      if (edge.index == index) result.add(closure_of(*edge.to));
    }
  }
  return result.set();
}

NodeSet embedded(NodeSet at, Arena& arena) {
  Union result({}, arena);
  for (const Node* node : at) {
    if (node->embedded != nullptr) result.add(closure_of(*node->embedded));
  }
  return result.set();
}

}  // namespace weir::host::json
