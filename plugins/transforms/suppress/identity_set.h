#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "identity_hasher.h"

namespace weir::plugins {

/// The identities of a list: 16 bytes an entry and one or two for the way to it, whatever their texts. A look costs two or three cache lines. Never changes once made, so
/// any thread may look.
class IdentitySet {
 public:
  IdentitySet() : IdentitySet(std::vector<IdentityHash>()) {}
  /// In any order; repeated ones count once.
  explicit IdentitySet(std::vector<IdentityHash> hashes);

  [[nodiscard]] bool contains(const IdentityHash& hash) const;
  [[nodiscard]] std::size_t size() const { return hashes_.size(); }
  /// Memory that it takes.
  [[nodiscard]] std::size_t bytes() const;

 private:
  [[nodiscard]] std::size_t bucket(const IdentityHash& hash) const { return hash.high >> shift_; }

  std::vector<IdentityHash> hashes_;  // sorted
  std::vector<std::uint64_t>
      starts_;  // by the first bits of a hash: where those that begin so start; one more at the end
  unsigned shift_ = 63;
};

}  // namespace weir::plugins
