#pragma once
#include "text_action.h"

namespace weir::plugins {

/// Applies an action to every scalar of a JSON list and of the lists inside it, and appends the new list to `out`: scalars become
/// strings, null stays, all bytes between them stay. `json` must be well formed. `scratch` is overwritten. A reason: an object lies in it, or
/// the action refused a text.
std::optional<Reason> append_list(std::string_view json, TextAction& action, std::string& scratch, std::string& out);

}  // namespace weir::plugins
