#pragma once
#include <weir/abi.h>

#include <string_view>

/// What JSON numbers mean. All take the text of a number that the grammar accepts.
namespace weir::host::json {

/// INT or UINT where an integer fits, else DOUBLE. False: beyond the finite doubles, so it may stand there but not be used.
[[nodiscard]] bool number_value(std::string_view text, weir_value& out);
/// Its double is finite.
[[nodiscard]] bool is_finite_number(std::string_view text);
/// By value and exactly, whatever the length: 1 = 1.0 = 1e0, and 9007199254740993 equals only itself. <0, 0, >0.
[[nodiscard]] int compare_numbers(std::string_view a, std::string_view b);

}  // namespace weir::host::json
