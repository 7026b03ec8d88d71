#pragma once
#include <array>
#include <cstddef>
#include <vector>

namespace weir::host::json {

/// A list that loops go through four at a time, without a rest to count down: if it does not come out even, the first of the last four
/// stands there again.
template <typename T>
class Fours {
 public:
  void add(const T& value) {
    if (used_ == 4) {
      fours_.push_back({value, value, value, value});
      used_ = 0;
    }
    fours_.back()[used_++] = value;
  }
  [[nodiscard]] const std::vector<std::array<T, 4>>& all() const { return fours_; }
  /// What it takes on the heap.
  [[nodiscard]] std::size_t bytes() const { return fours_.capacity() * sizeof(std::array<T, 4>); }

 private:
  std::vector<std::array<T, 4>> fours_;
  std::size_t used_ = 4;  // of the last
};

}  // namespace weir::host::json
