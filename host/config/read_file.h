#pragma once
#include <string>

#include "errors/status.h"

namespace weir::host::config {

/// The bytes of a file of at most `limit` bytes; never more than one beyond that is read. A failure's message goes on after the
/// file's name: "cannot be read: …".
[[nodiscard]] Result<std::string> read_file(const std::string& file, std::size_t limit);

}  // namespace weir::host::config
