#pragma once
#include "spool/block.h"
#include "spool/place.h"
#include "spool/quarantine.h"
#include "spool/scan.h"
#include "spool/segments.h"
#include "spool/state.h"

namespace weir::host::spool {

/// What is known of a spool folder before anything in it was changed.
struct Folder {
  std::optional<StateSlot> state;  // nothing: the folder is new
  std::vector<FolderEntry> segments;
};
/// Reads the state and the names of the segments. E_FATAL: the state is damaged or missing, with what to do.
[[nodiscard]] Result<Folder> look_at(const Place& place);

/// Makes the end of the spool sound again: cuts what was never finished, seals the segment that was being written, moves what cannot be
/// read to the quarantine. Looks at no more than the last segments. One thread.
class Recovery {
 public:
  /// `segments` holds those of the folder. All outlive it.
  Recovery(const Place& place, Segments& segments, StateFile& state)
      : place_(place), segments_(segments), state_(state) {}

  /// Afterwards segments() ends where the next record goes, which is not before `least`. E_FATAL: the disk refuses.
  Status run(Sequence least, std::int64_t now_ms);
  /// Whole blocks that stand behind something that was never finished, or that rotted where nobody can tell. They may have been
  /// acknowledged, so they are to be written anew, in this order, behind the end.
  struct Salvaged {
    std::string raw;
    PackedBlock block;  // its payload is not set
  };
  [[nodiscard]] const std::vector<Salvaged>& salvaged() const { return salvaged_; }

 private:
  /// Takes the last segment; false: it was removed, and the one before it is the last.
  Result<bool> take_last(Sequence first);
  Result<bool> drop(Sequence first, bool is_empty);
  Status repair(Segment& segment);
  Status settle_end(const Segment& segment, const Scan& scan, File& file);
  Status salvage(const Segment& segment, const Scan& scan, File& file);
  [[nodiscard]] static int rewrite(File& file, std::uint64_t from, std::uint64_t end);
  [[nodiscard]] std::uint64_t durable_bytes(Sequence first) const;
  Status finish(Sequence least, std::int64_t now_ms);

  const Place& place_;
  Segments& segments_;
  StateFile& state_;
  std::vector<Salvaged> salvaged_;
  Segment last_;           // first 0: there is none
  bool has_lost_ = false;  // records, nobody knows how many
};

/// A number that no record can have had: of the time, and larger than `least`.
[[nodiscard]] Sequence fresh_sequence(Sequence least, std::int64_t now_ms);

}  // namespace weir::host::spool
