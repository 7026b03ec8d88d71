#pragma once
#include <memory>
#include <string>

#include "cli/envelope/envelope.h"
#include "pipeline/overflow.h"

namespace weir::host::cli {

/// `directory/NAME/dead-letters-overflow.ndjson`, beside the pipeline's positions: one envelope a line, as a file of dead letters has
/// it, with the same payload. Made of mode 0600 when the first line comes; a torn last line is cut then, and the file is locked from then
/// on. Lines are synced before they count. Whoever calls it holds the state directory's lock.
[[nodiscard]] std::unique_ptr<Overflow> make_overflow_file(const std::string& directory, const std::string& pipeline,
                                                           LetterPayload payload);

}  // namespace weir::host::cli
