#pragma once
#include <string>

#include "record/record.h"

namespace weir::host::cli {

/// A record as one line of JSON in the envelope form of design section 7: topic, key, value or value_base64, headers, timestamp_ms;
/// absent members left out. `step`: a first member of that name, unless empty.
[[nodiscard]] std::string envelope(const Record& record, std::string_view step);

/// What a dead letter holds of its record.
enum class LetterPayload {
  plain,
  none,      // position and reason only
  encrypted  // the record's value is what a LetterSeal made
};

/// A failed record of the pipeline as a file of dead letters has it (plugins/support/envelope writes that one): the error, where it
/// stood and what `payload` says. Absent members are left out.
[[nodiscard]] std::string error_envelope(const Record& record, std::string_view pipeline, LetterPayload payload,
                                         std::string_view partition, std::string_view offset);

}  // namespace weir::host::cli
