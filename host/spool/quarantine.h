#pragma once
#include "spool/place.h"
#include "spool/segments.h"

namespace weir::host::spool {

/// Where bytes go that cannot be read: the folder `quarantine` of the spool. Errors are errno. [any]
class Quarantine {
 public:
  explicit Quarantine(const Place& place) : place_(place) {}

  /// Copies bytes of a segment to a file named by it and their offset, durably. What is there already stays.
  [[nodiscard]] int copy(File& segment, Sequence first, std::uint64_t offset, std::uint64_t size) const;
  /// Moves a whole file of the spool there.
  [[nodiscard]] int move(const std::string& name) const;

 private:
  [[nodiscard]] std::string folder() const { return place_.folder + "/quarantine"; }
  [[nodiscard]] int copy_bytes(File& from, std::uint64_t offset, std::uint64_t size, File& to) const;

  const Place& place_;
};

}  // namespace weir::host::spool
