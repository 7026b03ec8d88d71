#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace weir::host::spec {

/// The text in single quotes as a message shows it: control characters escaped, cut after 80 bytes.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// A sentence of a field's summary as a hint: "Where records go." as "where records go".
[[nodiscard]] std::string as_hint(std::string_view sentence);

/// The known name a writer probably meant, or empty: at most a third of it (and at least one letter) may differ.
[[nodiscard]] std::string_view nearest(std::string_view name, const std::vector<std::string_view>& known);

/// "did you mean 'source'?" for a near name; else "known keys: a, b, c", where `what` is "keys". Empty when none is known.
[[nodiscard]] std::string suggestion(std::string_view name, const std::vector<std::string_view>& known,
                                     std::string_view what);

/// "a, b, c".
[[nodiscard]] std::string joined(const std::vector<std::string_view>& names);

}  // namespace weir::host::spec
