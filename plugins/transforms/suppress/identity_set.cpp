#include "identity_set.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace weir::plugins {
namespace {

/// Entries on average, at most; more than half of it.
constexpr std::size_t kPerBucket = 8;

}  // namespace

IdentitySet::IdentitySet(std::vector<IdentityHash> hashes) : hashes_(std::move(hashes)) {
  std::sort(hashes_.begin(), hashes_.end());
  hashes_.erase(std::unique(hashes_.begin(), hashes_.end()), hashes_.end());
  const auto bits = std::max(1U, static_cast<unsigned>(std::bit_width(hashes_.size() / kPerBucket)));
  shift_ = 64U - bits;
  starts_.assign((std::size_t{1} << bits) + 1, 0);
  for (const IdentityHash& hash : hashes_) ++starts_[number_of(hash) + 1];
  for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
}

IdentitySet::Bucket IdentitySet::bucket_of(const IdentityHash& hash) const {
  const std::size_t number = number_of(hash);
  return {hashes_.data() + starts_[number], hashes_.data() + starts_[number + 1]};
}

/// A bucket's hashes are spread evenly too, so the place of one is known to an entry or two.
const IdentityHash* IdentitySet::start_in(const Bucket& bucket, const IdentityHash& hash) const {
  const std::uint64_t fraction = hash.high << (64U - shift_) >> 32U;  // of the bucket, in 2^-32
  return bucket.begin + (fraction * static_cast<std::uint64_t>(bucket.end - bucket.begin) >> 32U);
}

void IdentitySet::prefetch(const IdentityHash& hash) const {
  const IdentityHash* const at = start_in(bucket_of(hash), hash);
  __builtin_prefetch(at - 2);
  __builtin_prefetch(at + 2);
}

bool IdentitySet::contains(const IdentityHash& hash) const {
  const Bucket bucket = bucket_of(hash);
  const IdentityHash* at = start_in(bucket, hash);
  while (at != bucket.begin && !(at[-1] < hash)) --at;
  while (at != bucket.end && *at < hash) ++at;
  return at != bucket.end && *at == hash;
}

std::size_t IdentitySet::bytes() const {
  return hashes_.size() * sizeof(IdentityHash) + starts_.size() * sizeof(std::uint64_t);
}

}  // namespace weir::plugins
