#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::plugins {

/// Stands for one identity. Of two different identities nobody will ever see the same one: 5 million listed people and 10^12 looks
/// make it happen with a chance of 10^-19.
struct IdentityHash {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend bool operator==(const IdentityHash&, const IdentityHash&) = default;
  friend bool operator<(const IdentityHash& a, const IdentityHash& b) {
    return a.high != b.high ? a.high < b.high : a.low < b.low;
  }
};

/// An identity without the ASCII blanks around it. A list's line has none, so a record's must not count either: whoever signed up with a blank
/// too many could not be listed.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// Hashes identities (SipHash-2-4, 128 bits) under keys of this process, one for each kind: what lies in memory tells nobody who is listed, and nobody
/// can choose an identity that collides. Thread-safe once made.
class IdentityHasher {
 public:
  explicit IdentityHasher(std::vector<std::string> kinds);

  [[nodiscard]] const std::vector<std::string>& kinds() const { return kinds_; }
  /// The number of a kind; empty: unknown.
  [[nodiscard]] std::optional<std::size_t> kind(std::string_view name) const;
  [[nodiscard]] IdentityHash hash(std::size_t kind, std::string_view text) const;

 private:
  using Key = std::array<unsigned char, 16>;
  std::vector<std::string> kinds_;
  std::vector<Key> keys_;  // by kind
};

}  // namespace weir::plugins
