#pragma once
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "config/raw_tree.h"

namespace weir::host::config {

/// What yaml-cpp says about a node beside its content; tags are looked up in the source.
struct NodeEvent {
  std::size_t offset = 0;  // bytes into the source
  std::size_t anchor = 0;  // 0: none
};

/// Puts a RawTree together from events in document order, within the limits.
class TreeBuilder {
 public:
  TreeBuilder(const SourceText& source, const Limits& limits, std::vector<Complaint>& complaints);

  void begin_document(std::size_t offset);
  void end_document();
  void scalar(const NodeEvent& event, const std::string& text);
  void null(const NodeEvent& event);
  void alias(std::size_t offset, std::size_t anchor);
  void begin(RawNode::Kind kind, const NodeEvent& event);
  void end();

  [[nodiscard]] RawTree take() { return std::move(tree_); }

 private:
  struct Key {
    std::string name;
    std::size_t offset = 0;
    bool kept = true;  // false: complained about; its value is read and left out
  };
  struct Open {  // a list or mapping whose end was not seen yet
    std::uint32_t node = 0;
    std::size_t anchor = 0;
    std::optional<Key> key;
    std::unordered_set<std::string> names;
  };

  [[nodiscard]] bool wants_key() const;
  void key(std::size_t offset, std::string name, bool plain);
  std::uint32_t add(RawNode node);
  void attach(std::uint32_t node);
  std::size_t after_properties(std::size_t offset);
  std::size_t place_of_nothing(std::size_t offset) const;
  void check_closed(std::size_t offset) const;
  [[noreturn]] void refuse(std::size_t offset, std::string message, std::string hint = {}) const;
  void complain(std::size_t offset, std::string message, std::string hint);

  const SourceText& source_;
  const Limits& limits_;
  std::vector<Complaint>& complaints_;
  RawTree tree_;
  std::vector<Open> open_;
  std::unordered_map<std::size_t, std::uint32_t> anchors_;  // finished nodes
  std::size_t aliases_ = 0;
  bool first_document_ = true;
};

}  // namespace weir::host::config
