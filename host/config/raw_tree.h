#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/source_text.h"
#include "config/yaml.h"

namespace weir::host::config {

/// A node of a YAML file as it was written: aliases point, nothing is repeated, ${…} stands as text.
struct RawNode {
  enum class Kind : std::uint8_t { scalar, list, map, alias };
  struct Member;

  Kind kind = Kind::scalar;
  bool quoted = false;  // or a block scalar: always a string
  spec::Mark mark;
  std::string text;          // of a scalar
  std::uint32_t target = 0;  // of an alias: the node it repeats
  std::vector<std::uint32_t> items;
  std::vector<Member> members;
};

struct RawNode::Member {
  std::string name;
  spec::Mark mark;
  std::uint32_t value;
};

/// The documents of one file; nodes are named by their place in `nodes`.
struct RawTree {
  std::vector<RawNode> nodes;
  std::vector<std::uint32_t> roots;
};

/// Ends the reading of a file at once; never leaves host/config.
class Refused : public std::runtime_error {
 public:
  explicit Refused(Complaint complaint) : std::runtime_error(complaint.message), complaint_(std::move(complaint)) {}
  [[nodiscard]] const Complaint& complaint() const { return complaint_; }

 private:
  Complaint complaint_;
};

/// Walks yaml-cpp's events. Duplicate keys, `<<` and tags go to `complaints` and the reading goes on; broken YAML and a passed limit
/// end it with what was whole before. The only function that sees yaml-cpp.
[[nodiscard]] RawTree read_events(const SourceText& source, const Limits& limits, std::vector<Complaint>& complaints);

}  // namespace weir::host::config
