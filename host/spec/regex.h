#pragma once
#include <string>

#include "errors/status.h"

namespace weir::host::spec {

/// E_CONFIG with RE2's message when the text is no regular expression of RE2, or one too large to compile.
[[nodiscard]] Status check_regex(const std::string& pattern);

}  // namespace weir::host::spec
