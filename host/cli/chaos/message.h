#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/chaos/oracle.h"
#include "errors/status.h"

namespace weir::host::cli::chaos {

/// A line of weir-consume: JSON, or PARTITION <tab> OFFSET <tab> KEY <tab> VALUE, where an empty key is null.
struct Message {
  std::string topic;  // "": the line does not say
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::string mark;  // see mark.h; "": none
  bool is_letter = false;
  std::string letter;  // which dead letter of its mark

  /// E_DATA: it is no such line; the message holds nothing of it.
  [[nodiscard]] static Result<Message> parse(std::string_view line);
  /// As the oracle takes it. Views into this.
  [[nodiscard]] Seen seen() const;
};

/// Which one of a position's dead letters: its clone and the transform that it failed in. What is in it may be encrypted anew each time.
[[nodiscard]] std::string letter_of(std::string_view clone, std::string_view transform);

}  // namespace weir::host::cli::chaos
