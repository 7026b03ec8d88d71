#pragma once
#include <weir/abi.h>

#include <string>

#include "errors/status.h"

namespace weir::host::plugin {

/// Loads a verified file and finds its plugin description. Runs the library's static constructors. The library is never unloaded:
/// threads and exit handlers of what it links may outlive whoever asked. The error is the loader's own text. [control]
[[nodiscard]] Result<const weir_plugin*> load_library(const std::string& file);

}  // namespace weir::host::plugin
