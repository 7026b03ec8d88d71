#pragma once
#include "json/tree.h"

namespace weir::host::json {

/// The place a path starts at: the root, or inside a callback the place of its base. NOT_FOUND: the root is no object and so has
/// no fields (E_DATA for a strict path). E_USAGE: a relative path outside its callback.
weir_status start_of(Tree& tree, const PlanPath& path, Place*& start);
/// One step down from `at` that is no wildcard: NOT_FOUND: there is nothing, or `at` has no such members. E_DATA: duplicates.
weir_status step_down(Tree& tree, Place& at, const PlanPath& path, std::size_t step, Place*& out);
/// The place of a path of names and indexes, when nothing has to be judged on the way; null: look for it step by step.
[[nodiscard]] Place* remembered(const Tree& tree, const PlanPath& path);
/// The place of a path, of a wild one the first.
weir_status find(Tree& tree, const PlanPath& path, Place*& out);
/// Opens the JSON in a string: its root is then string.first. NOT_FOUND: it is not JSON (E_DATA if strict). E_DATA: lone surrogate.
weir_status look_inside(Tree& tree, Place& string, bool strict);
/// What `@json` on a value that is no string comes to: missing, or for a strict path E_DATA unless it is null.
weir_status no_text_inside(Tree& tree, const Place& at, bool strict);
/// E_DATA: `at` is an object in which a name occurs twice.
weir_status check_names(Tree& tree, const Place& at);

}  // namespace weir::host::json
