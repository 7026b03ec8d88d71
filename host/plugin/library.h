#pragma once
#include <weir/abi.h>

#include <string>

#include "errors/status.h"
#include "plugin/verify.h"

namespace weir::host::plugin {

/// Loads a verified file and finds its plugin description. Runs the library's static constructors. The library is never unloaded:
/// threads and exit handlers of what it links may outlive whoever asked. The error is the loader's own text. A file in a state that
/// was loaded before is the same library; one that has changed since, or lies where another one lay, is loaded beside it. [control]
[[nodiscard]] Result<const weir_plugin*> load_library(const std::string& file, const FileId& id);

/// As detach.h, once, for the library of a plugin that was loaded from its file. Not where WEIR_KEEP_MAPPED is set. [control]
void detach_library(const weir_plugin& plugin);

}  // namespace weir::host::plugin
