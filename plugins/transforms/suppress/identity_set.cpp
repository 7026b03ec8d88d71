#include "identity_set.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace weir::plugins {
namespace {

constexpr std::size_t kPerBucket =
    8;  // at most so many entries on average, at least half of them: hashes are spread evenly

}  // namespace

IdentitySet::IdentitySet(std::vector<IdentityHash> hashes) : hashes_(std::move(hashes)) {
  std::sort(hashes_.begin(), hashes_.end());
  hashes_.erase(std::unique(hashes_.begin(), hashes_.end()), hashes_.end());
  const auto bits = std::max(1U, static_cast<unsigned>(std::bit_width(hashes_.size() / kPerBucket)));
  shift_ = 64U - bits;
  starts_.assign((std::size_t{1} << bits) + 1, 0);
  for (const IdentityHash& hash : hashes_) ++starts_[bucket(hash) + 1];
  for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
}

bool IdentitySet::contains(const IdentityHash& hash) const {
  const std::size_t at = bucket(hash);
  const auto begin = hashes_.begin();
  return std::find(begin + static_cast<std::ptrdiff_t>(starts_[at]),
                   begin + static_cast<std::ptrdiff_t>(starts_[at + 1]),
                   hash) != begin + static_cast<std::ptrdiff_t>(starts_[at + 1]);
}

std::size_t IdentitySet::bytes() const {
  return hashes_.size() * sizeof(IdentityHash) + starts_.size() * sizeof(std::uint64_t);
}

}  // namespace weir::plugins
