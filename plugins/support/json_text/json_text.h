#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace weir::plugins {

/// Appends `text` (UTF-8) as a JSON string. Escapes only the quote, the backslash and controls, these in their short form where
/// there is one: the form in which the host writes strings.
void append_json_string(std::string& out, std::string_view text);

/// Appends the text of a JSON string's inside (without its quotes), unescaped. The string must be well formed (RFC 8259). False: it
/// holds half of a surrogate pair, which no UTF-8 text can.
[[nodiscard]] bool append_unescaped(std::string& out, std::string_view inside);

/// The byte after the JSON string that starts at `start` of a well-formed document.
[[nodiscard]] std::size_t string_end(std::string_view json, std::size_t start);

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view bytes);

/// RFC 4648 section 4, with padding.
void append_base64(std::string& out, std::string_view bytes);

}  // namespace weir::plugins
