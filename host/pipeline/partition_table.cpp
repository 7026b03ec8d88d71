#include "pipeline/partition_table.h"

namespace weir::host {

std::uint32_t PartitionTable::partition(std::string_view name) {
  if (latest_ < names_.size() && names_[latest_] == name) return latest_;
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) return latest_ = found->second;
  latest_ = static_cast<std::uint32_t>(names_.size());
  names_.emplace_back(name);
  numbers_.emplace(name, latest_);
  return latest_;
}

Status PartitionTable::revoke(std::string_view partition, Milliseconds timeout) {
  const auto found = numbers_.find(partition);
  if (found == numbers_.end()) return {};
  Status status = drain_ ? drain_(found->second, timeout) : Status();
  latest_ = static_cast<std::uint32_t>(names_.size());  // matches nothing
  numbers_.erase(found);
  return status;
}

std::string_view PartitionTable::name(std::uint32_t partition) const {
  return partition < names_.size() ? std::string_view(names_[partition]) : std::string_view();
}

}  // namespace weir::host
