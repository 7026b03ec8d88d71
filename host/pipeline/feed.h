#pragma once
#include <cstddef>
#include <span>

#include "record/record.h"

namespace weir::host {

/// What an Outlet puts to its sink: records in order, offered until they are taken. The window is one, the dead letters are the other.
class Feed {
 public:
  virtual ~Feed() = default;
  /// The next records in order, none of them in a sink; empty: nothing to put now. Valid until the next call.
  [[nodiscard]] virtual std::span<Record* const> offer() = 0;
  /// The sink took the first `count` of the latest offer.
  virtual void taken(std::size_t count) = 0;
  /// The sink has given everything back: the next offer begins at the oldest unsettled record.
  virtual void rewind() = 0;
};

}  // namespace weir::host
