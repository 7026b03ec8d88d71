#include "config/expand.h"

namespace weir::host::config {
namespace {

class Expansion {
 public:
  Expansion(const RawTree& tree, const Limits& limits, Substitution& substitution, std::vector<Complaint>& complaints)
      : tree_(tree), limits_(limits), substitution_(substitution), complaints_(complaints) {}

  spec::Node root(std::uint32_t index) { return node(index, 0); }

 private:
  const RawNode& resolve(std::uint32_t index) const {
    const RawNode& raw = tree_.nodes[index];
    return raw.kind == RawNode::Kind::alias ? resolve(raw.target) : raw;
  }

  spec::Node node(std::uint32_t index, std::size_t depth) {
    const RawNode& raw = resolve(index);
    count(tree_.nodes[index].mark, depth);
    spec::Node out;
    out.mark = raw.mark;
    if (raw.kind == RawNode::Kind::scalar) {
      scalar(raw, out);
    } else if (raw.kind == RawNode::Kind::list) {
      out.kind = spec::Node::Kind::list;
      for (const std::uint32_t item : raw.items) out.items.push_back(node(item, depth + 1));
    } else {
      out.kind = spec::Node::Kind::map;
      for (const RawNode::Member& member : raw.members) {
        if (depth == 0 && member.name.starts_with("x-")) continue;
        out.members.push_back({member.name, member.mark, node(member.value, depth + 1)});
      }
    }
    return out;
  }

  void count(spec::Mark mark, std::size_t depth) {
    if (++nodes_ > limits_.nodes) {
      throw Refused({mark, "the aliases repeat more than " + std::to_string(limits_.nodes) + " values", ""});
    }
    if (depth > limits_.depth) {
      throw Refused({mark, "the aliases nest deeper than " + std::to_string(limits_.depth) + " levels", ""});
    }
  }

  void scalar(const RawNode& raw, spec::Node& out) {
    Substituted value = substitution_.apply(raw.text, raw.mark, complaints_);
    text_bytes_ += value.text.size();
    if (text_bytes_ > limits_.text_bytes) {
      throw Refused({raw.mark,
                     "the texts of the file, with aliases and ${…} replaced, are longer than " +
                         std::to_string(limits_.text_bytes) + " bytes",
                     ""});
    }
    out.text = std::move(value.text);
    out.quoted = raw.quoted;
    out.secret = value.secret;
    out.unset = value.unset;
  }

  const RawTree& tree_;
  const Limits& limits_;
  Substitution& substitution_;
  std::vector<Complaint>& complaints_;
  std::size_t nodes_ = 0;
  std::size_t text_bytes_ = 0;
};

}  // namespace

std::vector<spec::Node> expand(const RawTree& tree, const Limits& limits, Substitution& substitution,
                               std::vector<Complaint>& complaints) {
  Expansion expansion(tree, limits, substitution, complaints);
  std::vector<spec::Node> documents;
  for (const std::uint32_t root : tree.roots) documents.push_back(expansion.root(root));
  return documents;
}

}  // namespace weir::host::config
