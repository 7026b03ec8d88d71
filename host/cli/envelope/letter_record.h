#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::host::cli {

/// The record of a dead letter, as its source gave it.
struct LetterRecord {
  using Bytes = std::optional<std::string>;  // nothing: null

  Bytes key;
  Bytes value;
  std::vector<std::pair<std::string, Bytes>> headers;
  Bytes topic;  // that it had when it failed
  std::int64_t timestamp_ms = -1;

  [[nodiscard]] bool is_empty() const { return !key && !value && headers.empty(); }
};

}  // namespace weir::host::cli
