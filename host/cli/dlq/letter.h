#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/envelope/letter_record.h"
#include "cli/envelope/object_writer.h"
#include "crypto/key_ring.h"
#include "errors/status.h"

namespace weir::host::cli {

/// One line of a file of dead letters, as it was written: the envelope of design section 7.
struct Letter {
  enum class Payload { none, plain, encrypted };

  std::string pipeline;
  std::string transform;  // "": another part of the pipeline
  std::string code;
  std::string message;
  std::string field;
  std::string partition;
  std::string offset;
  std::uint32_t clone = 0;
  Payload payload = Payload::none;
  LetterRecord record;  // encrypted: its timestamp only
  std::string sealed;   // encrypted: what open_letter opens

  /// E_DATA: the line is none; the message says why and holds nothing of it.
  [[nodiscard]] static Result<Letter> parse(std::string_view line);

  /// Its record, whether it lies there in plain or not. E_DATA: there is none, or it is damaged. E_CONFIG: no secret opens it.
  [[nodiscard]] Result<LetterRecord> open(const crypto::KeyRing* keys) const;
  /// The members of its envelope that tell why it is one, and from where: error, position, clone.
  void write_facts(ObjectWriter& writer) const;
};

/// "none", "plain", "encrypted".
[[nodiscard]] const char* payload_name(Letter::Payload payload);

}  // namespace weir::host::cli
