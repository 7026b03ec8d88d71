#pragma once
#include <string_view>

#include "config/source_text.h"

namespace weir::host::config {

/// A sentence for what yaml-cpp said about a byte of the source, with a hint where a usual mistake is recognised.
[[nodiscard]] Complaint explain(const SourceText& source, std::size_t offset, std::string_view yaml_message);

}  // namespace weir::host::config
