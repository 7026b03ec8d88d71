#pragma once
#include <cstdint>
#include <vector>

#include "spec/field.h"

namespace weir::host::spec {

/// Where a component stands in a pipeline.
enum class Role { source, transform, predicate, sink, dead_letter };

[[nodiscard]] std::uint32_t kind_of(Role role);
/// "source", "dead letter sink": for messages.
[[nodiscard]] std::string_view role_name(Role role);

/// The keys of a pipeline; those that hold components have a component_type.
[[nodiscard]] const std::vector<Field>& pipeline_fields();
/// The keys that are the host's own in a component of that role; the component's come beside them.
[[nodiscard]] const std::vector<Field>& host_fields(Role role);
/// Both together, as a file may write them. A component's field with the name of one of the host's is hidden.
[[nodiscard]] std::vector<Field> fields_of(Role role, const ComponentInfo& info);

/// What a pipeline's name looks like, for messages and the JSON Schema.
constexpr const char* kNamePattern = "[a-z0-9][a-z0-9._-]*";
constexpr std::size_t kLongestName = 200;  // it becomes a file's name

}  // namespace weir::host::spec
