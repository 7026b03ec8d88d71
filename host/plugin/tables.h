#pragma once
#include <weir/abi.h>

#include <string>
#include <vector>

#include "errors/status.h"
#include "spec/field.h"

namespace weir::host::plugin {

/// A component of a loaded library: its description as values, and its table as this host knows it (longer or shorter ones of
/// other minors are cut or filled with NULL).
struct LoadedComponent {
  spec::ComponentInfo info;
  weir_component component{};
};

/// Checks what a library exports: sizes, minor, kinds, names, fields, functions that must be there. An error says which promise
/// of abi.h it breaks, without the file's name. `library`: its path. [control]
[[nodiscard]] Result<std::vector<LoadedComponent>> read_plugin(const weir_plugin& plugin, const std::string& library);

}  // namespace weir::host::plugin
