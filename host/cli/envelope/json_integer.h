#pragma once
#include <concepts>
#include <cstdint>
#include <optional>
#include <utility>

namespace weir::host::cli {

/// A number of a JSON text that somebody else wrote; nothing: it is no integer, or an Integer cannot hold it.
/// (nlohmann's own get() casts whatever is there: 1e99 to an int is undefined, 2^63 becomes negative.)
template <std::integral Integer, typename Json>
[[nodiscard]] std::optional<Integer> integer_of(const Json& value) {
  const auto fitting = [](auto number) {
    return std::in_range<Integer>(number) ? std::optional(static_cast<Integer>(number)) : std::nullopt;
  };
  if (value.is_number_unsigned()) return fitting(value.template get<std::uint64_t>());
  if (value.is_number_integer()) return fitting(value.template get<std::int64_t>());
  return std::nullopt;
}

}  // namespace weir::host::cli
