#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>

namespace weir::host::abi {

/// A plugin's table as this host knows it: what lies beyond its struct_size is zero, what the host does not know is left out.
/// Every table of abi.h begins with its struct_size.
template <typename Table>
[[nodiscard]] Table read_table(const void* table) {
  std::uint32_t size = 0;
  std::memcpy(&size, table, sizeof(size));
  Table copy{};
  std::memcpy(&copy, table, std::min<std::size_t>(size, sizeof(Table)));
  return copy;
}

}  // namespace weir::host::abi
