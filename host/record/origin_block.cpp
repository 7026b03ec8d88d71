#include "record/slice.h"

namespace weir::host {

Origin& OriginBlock::add(std::uint32_t partition, std::uint64_t token) {
  Origin& origin = origins_.emplace_back();
  origin.block = this;
  origin.partition = partition;
  origin.token = token;
  return origin;
}

Origin* OriginBlock::open(std::uint32_t partition, Bytes offset, std::uint64_t token) {
  if (origins_.size() >= kOrigins) return nullptr;
  Origin& origin = add(partition, token);
  origin.offset_start = static_cast<std::uint32_t>(offsets_.size());
  origin.offset_size = static_cast<std::uint32_t>(offset.len);
  offsets_.append(view(offset));
  return &origin;
}

Origin* OriginBlock::detached() {
  if (detached_ == nullptr) {
    detached_ = &add(Origin::kNoPartition, 0);
    detached_->open = false;
    ++unsettled;
  }
  return detached_;
}

std::string_view OriginBlock::offset_of(const Origin& origin) const {
  return std::string_view(offsets_).substr(origin.offset_start, origin.offset_size);
}

void OriginBlock::close() {
  for (Origin& origin : origins_) origin.open = false;
}

void OriginBlock::disown_empty_tail() {
  for (auto origin = origins_.rbegin(); origin != origins_.rend() && origin->outstanding == 0; ++origin) {
    origin->partition = Origin::kNoPartition;
    origin->token = 0;
  }
}

void OriginBlock::clear() {
  origins_.clear();
  offsets_.clear();
  detached_ = nullptr;
  entry = nullptr;
  unsettled = 0;
  lent = false;
}

}  // namespace weir::host
