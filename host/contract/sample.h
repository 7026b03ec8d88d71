#pragma once
#include <string>

#include "spec/field.h"
#include "spec/node.h"
#include "spec/value.h"

namespace weir::host::contract {

/// A file beside the process that a field of type file names, and its content: a few JSON objects, one a line.
inline constexpr const char* kSampleFile = "sample.ndjson";
[[nodiscard]] std::string sample_lines();

/// A configuration made of a component's table: its type and a plausible value for each required field without a default.
[[nodiscard]] spec::Node sample_configuration(const spec::ComponentInfo& component);

/// A JSON object that holds an address as text, or in every other one a number, at every plain path (`a.b`) among the texts of the
/// configuration.
[[nodiscard]] std::string sample_value(const spec::Value& configuration, std::size_t number);

}  // namespace weir::host::contract
