#pragma once
#include "text_action.h"

namespace weir::plugins {

/// Applies an action to a JSON value and appends what comes of it, as JSON: a scalar becomes a string, null stays; of a list, each element, in the
/// lists inside it too, and all bytes between stay. `json` must be well formed. `scratch` is overwritten. A refusal: it is or holds an object, or
/// the action refused a text.
Refusal append_protected(std::string_view json, TextAction& action, std::string& scratch, std::string& out);

}  // namespace weir::plugins
