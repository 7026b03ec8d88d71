#pragma once
#include <string>

namespace weir::host::plugin {

/// Puts copies of their own bytes in the place of all private mappings of a file, at the same addresses with the same rights: code that
/// runs there goes on. Afterwards nothing that is done to the file reaches the process. False: there are none, or the kernel forbids
/// it. `file`: without links. Nobody writes to the mappings meanwhile. [control]
bool detach_from_file(const std::string& file);

}  // namespace weir::host::plugin
