#pragma once

namespace weir::host::plugin {

/// Puts copies of their own bytes in the place of a loaded library's mappings, at the same addresses with the same rights. Afterwards
/// nothing that is done to its file reaches the process. A truncated file would take even pages that were written to. Where the kernel
/// forbids it (systemd's MemoryDenyWriteExecute), code stays as it is. `handle`: dlopen's. None of its code runs meanwhile. [control]
void detach_from_file(void* handle);

}  // namespace weir::host::plugin
