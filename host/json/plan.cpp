#include "json/plan.h"

#include <algorithm>

#include "json/compiled_condition.h"
#include "json/trie.h"

namespace weir::host::json {
namespace {

Node* find_edge(const Node& from, const Step& step) {
  switch (step.kind) {
    case Step::Kind::any:
      return from.any;
    case Step::Kind::any_depth:
      return from.any_depth;
    case Step::Kind::embedded:
      return from.embedded;
    case Step::Kind::name:
      for (const Node::NameEdge& edge : from.names) {
        if (edge.name == step.name) return edge.to;
      }
      return nullptr;
    case Step::Kind::index:
      for (const Node::IndexEdge& edge : from.indexes) {
        if (edge.index == step.index) return edge.to;
      }
      return nullptr;
  }
  return nullptr;
}

/// The hash that the name has in a text, where more bytes stand behind it.
std::uint32_t hash_of(std::string name) {
  const std::size_t size = name.size();
  name.append(8, '\0');
  return NameKey(std::string_view(name).substr(0, size)).hash;
}

void add_edge(Node& from, const Step& step, Node& to) {
  switch (step.kind) {
    case Step::Kind::any:
      from.any = &to;
      break;
    case Step::Kind::embedded:
      from.embedded = &to;
      break;
    case Step::Kind::name: {
      const std::uint32_t hash = hash_of(step.name);
      from.names.push_back({step.name, hash, &to});
      from.hashes |= std::uint64_t{1} << (hash % 64);
      break;
    }
    case Step::Kind::index:
      from.indexes.push_back({step.index, &to});
      break;
    case Step::Kind::any_depth:
      from.any_depth = &to;
      break;
  }
}

}  // namespace

Plan::Compiled::Compiled() { make_node()->single = singles++; }
Plan::Compiled::~Compiled() = default;

Node* Plan::Compiled::make_node() {
  Node& node = nodes.emplace_back();
  node.closure.push_back(&node);
  return &node;
}

Node* Plan::Compiled::follow(Node& from, const Step& step) {
  if (Node* const there = find_edge(from, step)) return there;
  Node* const made = make_node();
  add_edge(from, step, *made);
  const bool one = step.kind == Step::Kind::name || step.kind == Step::Kind::index;
  if (one && from.single != Node::kMany) made->single = singles++;
  if (step.kind == Step::Kind::any_depth) {  // zero steps: wherever `from` answers, so does it
    made->repeats = true;
    for (Node& node : nodes) {
      if (std::count(node.closure.begin(), node.closure.end(), &from) > 0) node.closure.push_back(made);
    }
  }
  return made;
}

Plan::Plan() : compiled_(std::make_unique<Compiled>()) {}
Plan::~Plan() = default;

Result<const PlanPath*> Plan::add(std::string_view text, std::uint32_t use, const PlanPath* base) {
  const bool strict = (use & kStrict) != 0;
  for (const PlanPath& known : compiled_->paths) {
    if (known.path().text() == text && known.base() == base && known.strict() == strict) return &known;
  }
  auto path = base == nullptr ? Path::parse(text) : Path::parse_relative(text);
  if (!path) return path.status();
  PlanPath& added = compiled_->paths.emplace_back(*std::move(path), strict, base);
  const Node* node = base == nullptr ? &compiled_->root() : base->node(base->size());
  added.nodes_.push_back(node);
  for (const Step& step : added.steps()) {
    node = compiled_->follow(const_cast<Node&>(*node), step);  // the plan's own, and not frozen yet
    added.nodes_.push_back(node);
  }
  added.single_ = node->single;
  return &added;
}

bool Plan::empty() const { return compiled_->paths.empty() && compiled_->conditions.empty(); }

std::string_view text_of(const PlanPath& path) { return path.path().text(); }

}  // namespace weir::host::json
