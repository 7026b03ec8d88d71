#pragma once
#include <string>

#include "cli/chaos/oracle.h"
#include "errors/status.h"

namespace weir::host::cli::chaos {

/// Two files as weir-consume writes them: what should have come, in the order that each key should have, and what came. E_CONFIG: one cannot
/// be read; E_DATA: one is damaged or none of weir-consume's, or the first holds no message, so that nothing could be lost.
[[nodiscard]] Result<Verdict> compare(const std::string& expected, const std::string& arrived);

}  // namespace weir::host::cli::chaos
