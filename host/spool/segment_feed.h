#pragma once
#include <memory>
#include <optional>
#include <string>

#include "crypto/box.h"
#include "spool/block_walk.h"
#include "spool/unpack_ahead.h"

namespace weir::host::spool {

/// The pieces of one segment file after the other, and what is in them. What was passed leaves the page cache: its pages serve what is
/// written next, and those of others stay. Errors are errno; what failed may be asked again. One thread.
class SegmentFeed {
 public:
  using Piece = BlockWalk::Piece;

  /// `memory`: bytes it may hold, one block as records, which unpack() fills, included.
  explicit SegmentFeed(std::uint64_t memory);

  /// Begins with the first piece of a segment. `salt`: of its headers; `key`: nothing where it is plain; `first`: its first record.
  void open(std::unique_ptr<File> file, std::uint32_t salt, std::optional<crypto::DataKey> key, Sequence first);
  void close();
  /// The same; its thread ends, and nothing of the records stays in memory.
  void stop();

  [[nodiscard]] bool is_open() const { return file_ != nullptr; }
  [[nodiscard]] File& file() const { return *file_; }
  /// The piece at the cursor, without its bytes; nothing: `limit` is reached.
  [[nodiscard]] int look(std::uint64_t limit, std::optional<Piece>& piece);
  /// The records of the block there; `is_whole` false: they are damaged.
  [[nodiscard]] int unpack(std::uint64_t limit, const BlockHeader& header, std::string& raw, bool& is_whole);
  /// The cursor moves behind the piece.
  void pass(const Piece& piece);
  /// While the records of a block are used, the next ones are unpacked, where many wait before `limit`. What is wrong with one is found
  /// when its turn comes.
  void unpack_ahead(std::uint64_t limit);

 private:
  void release_cache();
  [[nodiscard]] const crypto::DataKey* key() const { return key_ ? &*key_ : nullptr; }

  const std::size_t bytes_ahead_;
  std::unique_ptr<File> file_;
  std::optional<BlockWalk> walk_;
  std::optional<crypto::DataKey> key_;
  std::uint64_t offset_ = 0;    // of the cursor
  Sequence expected_ = 0;       // what begins there, if all is well
  std::uint64_t released_ = 0;  // up to there the page cache may have forgotten it
  UnpackAhead ahead_;
  std::uint64_t ahead_offset_ = 0;  // behind those
  Sequence ahead_expected_ = 0;     // likewise
};

}  // namespace weir::host::spool
