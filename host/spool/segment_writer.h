#pragma once
#include <optional>
#include <span>
#include <vector>

#include "spool/block.h"
#include "spool/place.h"
#include "spool/segments.h"

namespace weir::host::spool {

/// The segment that is being written. Errors are errno. One thread.
///
///   create  (write sync)*  seal
///
/// After a sync that failed, or a write that could not be undone, it is poisoned: nothing more is asked of it, and what it had not
/// made durable goes to another one.
class SegmentWriter {
 public:
  explicit SegmentWriter(const Place& place) : place_(place) {}

  /// Durable with its name when 0; on an error nothing of it is left.
  [[nodiscard]] int create(const Segment& segment);
  /// Puts the blocks behind what is there; what could not be written whole is cut away again. `first`: the first block's sequence number.
  [[nodiscard]] int write(std::span<const PackedBlock> blocks, Sequence first);
  /// Makes what was written durable; segment() then has it.
  [[nodiscard]] int sync();
  /// Writes the footer. Without one the segment is as good, only slower to look at.
  [[nodiscard]] int seal();

  [[nodiscard]] bool poisoned() const { return poisoned_; }
  /// What of it is durable.
  [[nodiscard]] const Segment& segment() const { return segment_; }
  /// Bytes of the file, durable or not.
  [[nodiscard]] std::uint64_t file_bytes();
  /// Bytes that the blocks would take here.
  [[nodiscard]] static std::uint64_t size_of(std::span<const PackedBlock> blocks);

 private:
  struct Tail {  // of what is written
    Sequence end = 0;
    std::uint64_t bytes = 0;
    std::uint64_t blocks = 0;
    std::int64_t oldest_ms = 0;
    std::int64_t newest_ms = 0;
    std::uint32_t crc_of_crcs = 0;
  };

  [[nodiscard]] int fill();
  void take(const PackedBlock& block, const BlockImage& image, Tail& tail) const;
  void show();

  const Place& place_;
  Segment segment_;
  std::unique_ptr<File> file_;
  std::optional<crypto::DataKey> key_;
  std::uint32_t salt_ = 0;
  Tail written_;
  Tail durable_;
  bool poisoned_ = false;
  std::vector<BlockImage> images_;
  std::vector<std::string_view> parts_;
};

}  // namespace weir::host::spool
