#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::kafka {

/// Chooses partitions as the Java client does: by the key's hash; without key one partition for about a batch, then the next.
class Partitioner {
 public:
  /// `count` > 0: how many partitions the topic has.
  explicit Partitioner(std::int32_t count) : count_(count) {}

  /// `bytes`: what the record adds to its batch.
  [[nodiscard]] std::int32_t choose(std::optional<std::string_view> key, std::size_t bytes);
  [[nodiscard]] std::int32_t count() const { return count_; }

 private:
  std::int32_t count_;
  std::int32_t sticky_ = 0;
  std::size_t sticky_bytes_ = 0;  // put there so far
};

}  // namespace weir::kafka
