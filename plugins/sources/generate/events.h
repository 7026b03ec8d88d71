#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::plugins {

/// Made-up customer events. What stands at an index is a function of seed and index alone: the same on every machine, in whatever order they are made.
class Events {
 public:
  /// No event or batch is longer, in bytes.
  static constexpr std::size_t kLongestEvent = 1536;
  static constexpr std::size_t kLongestBatch = 4 * 1024;

  explicit Events(std::uint64_t seed);

  /// One event of about 1 KB as a flat JSON object; its message_id ends with the index in 12 hex digits. `memory`: kLongestEvent bytes.
  [[nodiscard]] std::string_view event(std::uint64_t index, char* memory) const;
  /// One to five events in mParticle's batch format. `memory`: kLongestBatch bytes.
  [[nodiscard]] std::string_view batch(std::uint64_t index, char* memory) const;

 private:
  std::uint64_t seed_;  // spread over all bits
};

}  // namespace weir::plugins
