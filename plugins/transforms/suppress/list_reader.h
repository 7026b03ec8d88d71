#pragma once
#include <stdexcept>
#include <string>

#include "identity_set.h"

namespace weir::plugins {

/// What is wrong with a list, for people: a cause and at most the number of a line, never what stands in it.
class ListError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Somebody is writing to it: try again later.
class ListUnstable : public ListError {
 public:
  using ListError::ListError;
};

/// Reads a list from an open file, from its start to its end: a line is `kind:value`, split at the first colon, both without the blanks around
/// them; lines that begin with # and blank lines are passed over. Everything else is refused, since a line that is
/// not understood may stand for a person. Takes memory for the set and 2 MiB. Throws ListError.
[[nodiscard]] IdentitySet read_list(int descriptor, const IdentityHasher& hasher);

}  // namespace weir::plugins
