#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace weir::host::crypto {

/// Overwrites it, in a way that no compiler leaves out.
void wipe(std::span<char> bytes);
void fill_with_random(std::span<char> bytes);

/// `Size` bytes that nobody may find in memory later: wiped when they are destroyed or moved from. Not copied.
template <std::size_t Size>
class SecretBytes {
 public:
  SecretBytes() = default;
  SecretBytes(SecretBytes&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_); }
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    if (this == &other) return *this;
    bytes_ = other.bytes_;
    wipe(other.bytes_);
    return *this;
  }
  ~SecretBytes() { wipe(bytes_); }

  [[nodiscard]] std::span<char, Size> bytes() { return bytes_; }
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), Size}; }

 private:
  std::array<char, Size> bytes_{};
};

}  // namespace weir::host::crypto
