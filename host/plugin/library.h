#pragma once
#include <weir/abi.h>

#include <string>

#include "errors/status.h"
#include "plugin/verify.h"

namespace weir::host::plugin {

/// Loads a verified file and finds its plugin description. Runs the library's static constructors. The library is never unloaded:
/// threads and exit handlers of what it links may outlive whoever asked. The error is the loader's own text. A file in a state that
/// was loaded before is the same library; one that has changed since, or lies where another one lay, is loaded beside it. `detach`: as
/// detach.h. [control]
[[nodiscard]] Result<const weir_plugin*> load_library(const std::string& file, const FileId& id, bool detach);

}  // namespace weir::host::plugin
