#pragma once
#include <string>
#include <string_view>

namespace weir::host::cli::chaos {

/// The header that says which position of the source a record came from: OFFSET@PARTITION, or OFFSET#N@PARTITION for the further records
/// of one position. Bytes that are not plain text are escaped as %HH, so that two positions have one mark only when they are the same.
inline constexpr std::string_view kMarkHeader = "__weir.chaos";

[[nodiscard]] std::string mark_text(std::string_view partition, std::string_view offset);
/// The mark of a further record of that position; 0: of the first one.
[[nodiscard]] std::string numbered_mark(const std::string& mark, std::size_t number);

/// A mark, taken apart; views into it. Anything else has no partition.
struct Mark {
  std::string_view partition;
  std::string_view offset;
};
[[nodiscard]] Mark split_mark(std::string_view text);

}  // namespace weir::host::cli::chaos
