#include "partitioner.h"

#include "murmur2.h"

namespace weir::kafka {
namespace {

constexpr std::size_t kBatchBytes = 128u << 10;

}  // namespace

std::int32_t Partitioner::choose(std::optional<std::string_view> key, std::size_t bytes) {
  if (key) return partition_of(*key, count_);
  if (sticky_bytes_ >= kBatchBytes) {
    sticky_ = (sticky_ + 1) % count_;
    sticky_bytes_ = 0;
  }
  sticky_bytes_ += bytes;
  return sticky_;
}

}  // namespace weir::kafka
