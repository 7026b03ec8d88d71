#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "identity_hasher.h"

namespace weir::plugins {

/// The identities of a list: 16 bytes an entry, and one or two for the way to it, whatever their texts. A look costs two or three cache
/// lines, which for a long list come from memory. Never changes once made, so any thread may look.
class IdentitySet {
 public:
  IdentitySet() : IdentitySet(std::vector<IdentityHash>()) {}
  /// In any order; repeated ones count once.
  explicit IdentitySet(std::vector<IdentityHash> hashes);

  [[nodiscard]] bool contains(const IdentityHash& hash) const;
  /// Hints that contains(hash) will be asked soon: what it needs is on its way meanwhile.
  void prefetch(const IdentityHash& hash) const;
  [[nodiscard]] std::size_t size() const { return hashes_.size(); }
  /// Memory that it takes.
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Bucket {
    const IdentityHash* begin;
    const IdentityHash* end;
  };
  [[nodiscard]] std::size_t number_of(const IdentityHash& hash) const { return hash.high >> shift_; }
  [[nodiscard]] Bucket bucket_of(const IdentityHash& hash) const;
  [[nodiscard]] const IdentityHash* start_in(const Bucket& bucket, const IdentityHash& hash) const;

  std::vector<IdentityHash> hashes_;  // sorted
  std::vector<std::uint64_t>
      starts_;  // by the first bits of a hash: where those that begin so start; one more at the end
  unsigned shift_ = 63;
};

}  // namespace weir::plugins
