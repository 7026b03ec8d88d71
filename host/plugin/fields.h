#pragma once
#include <weir/abi.h>

#include <string_view>
#include <vector>

#include "errors/status.h"
#include "spec/field.h"

namespace weir::host::plugin {

/// The configuration fields of a component as values. An error names the field whose description is broken.
[[nodiscard]] Result<std::vector<spec::Field>> read_fields(const weir_component& component);

/// `[a-z][a-z0-9_]*`, at most 64 characters: what names of components and fields are made of.
[[nodiscard]] bool is_lower_snake_case(std::string_view name);

}  // namespace weir::host::plugin
