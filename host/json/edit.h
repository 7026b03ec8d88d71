#pragma once
#include "json/tree.h"

namespace weir::host::json {

// Every edit marks the places above as dirty and leaves the tree as if the edited text had been scanned. JSON texts that are passed in
// lie in the arena. An edit that fails changes nothing.

/// Puts `json` in the place's stead. E_DATA: it is no JSON, or too deep there.
weir_status replace(Tree& tree, Place& place, std::string_view json);
/// Cuts the member or element out. E_DATA: a root.
weir_status erase(Tree& tree, Place& place);
/// Adds a member, which is not there yet, at the end of an object.
weir_status append(Tree& tree, Place& object, std::string_view name, std::string_view json);
/// Sets what the path's steps from `first` name below `start`; missing objects are made. NOT_FOUND: an index past an array's end (or
/// in something missing), nothing happened. E_DATA: the way leads through a scalar, a null, or an array by name.
weir_status put(Tree& tree, Place& start, const PlanPath& path, std::size_t first, std::string_view json);
/// Gives the member another name, in place.
weir_status rename(Tree& tree, Place& member, std::string_view name);
/// Renews the places of arrays whose elements have moved up since indexes were looked up.
weir_status refresh(Tree& tree);

}  // namespace weir::host::json
