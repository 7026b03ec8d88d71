#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "spec/node.h"
#include "spec/value.h"

namespace weir::host::spec {

/// What a scalar of a configuration file is: plain ones follow JSON, quoted ones are text; an empty plain one is null.
enum class ScalarType { null, boolean, number, text };
[[nodiscard]] ScalarType scalar_type(const Node& scalar);

/// RFC 8259's number grammar.
[[nodiscard]] bool is_json_number(std::string_view text);

/// A number's value by its JSON text: WEIR_INT, WEIR_UINT beyond it, else WEIR_DOUBLE (infinite when out of range).
[[nodiscard]] Value number_value(std::string_view text);

/// Milliseconds of "250ms", "10s", "5m", "1h", "30d"; "0" needs no unit.
[[nodiscard]] std::optional<std::int64_t> parse_duration(std::string_view text);
/// Bytes of "512B", "10MB", "64MiB" (kB MB GB TB by 1000, KiB MiB GiB TiB by 1024); "0" needs no unit. At most int64.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);

/// Kafka's rule for topic names: 1 to 249 of [a-zA-Z0-9._-], neither "." nor "..".
[[nodiscard]] bool is_topic_name(std::string_view text);

}  // namespace weir::host::spec
