#include "cli/version.h"

#include <weir/abi.h>

namespace weir::host::cli {

std::string version() { return WEIR_VERSION; }

std::string version_text() { return "weir " WEIR_VERSION " (plugin ABI 0." + std::to_string(WEIR_ABI_MINOR) + ")"; }

}  // namespace weir::host::cli
