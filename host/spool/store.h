#pragma once
#include "spool/journal.h"
#include "spool/keeper.h"
#include "spool/reader.h"
#include "spool/recovery.h"
#include "spool/spool.h"

namespace weir::host::spool {

/// An open spool folder without threads or records' owners: what is appended is durable at once, and read() gives it in order. One
/// thread opens, appends, tends and closes; one may read meanwhile.
class Store {
 public:
  /// `options.folder` on `files`, which outlives it.
  Store(const Options& options, FileSystem& files, const Log& log);

  /// `checkpoint`: the last record that is known to have settled. E_CONFIG: the secrets, nothing was touched. E_FATAL: in use by another
  /// one, or damaged, with what to do.
  Status open(std::optional<Sequence> checkpoint, std::int64_t now_ms);
  /// Ends the segment that is being written and gives the folder back.
  void close();

  /// The blocks are durable when OK. E_RETRY: no room for now. E_FATAL: the disk refuses. Not OK: they may come again.
  Status append(std::span<const PackedBlock> blocks, std::int64_t now_ms);
  /// Everything up to `sequence` has settled. [any]
  void settle(Sequence sequence) { progress_.settle(sequence); }
  /// Lets expire, starts segments anew that are old, removes what nobody needs. `bytes` more wait for room.
  void tend(std::int64_t now_ms, std::uint64_t bytes = 0);
  [[nodiscard]] Reader& reader() { return reader_; }
  /// Reading begins again behind what has settled, for a source that starts anew. Not while somebody reads.
  Status read_again(std::optional<Sequence> checkpoint);

  /// Counts and bytes; not the times. [any]
  [[nodiscard]] BacklogFigures figures(std::int64_t now_ms) const;
  [[nodiscard]] Sequence delivered() const { return progress_.delivered(); }
  [[nodiscard]] Sequence end() const { return segments_.end(); }

 private:
  Status use(const Folder& folder, std::optional<Sequence> checkpoint, std::int64_t now_ms);
  Status write_anew(const Recovery& recovery, std::int64_t now_ms);
  Status begin_anew(Sequence least, std::int64_t now_ms);
  Status check_secrets(Sequence resume);
  Status check_owner();
  void claim();
  std::vector<Sequence> forget_hole();
  void look_at_room();
  void warn_if_filling(std::uint64_t bytes);

  const Options options_;
  Place place_;
  std::unique_ptr<FileLock> lock_;
  bool is_claimed_ = false;
  Segments segments_;
  StateFile state_;
  Progress progress_;
  Counters counters_;
  Journal journal_;
  Reader reader_;
  Keeper keeper_;
  std::uint64_t capacity_ = 0;  // bytes it may come to hold: max_bytes, or what the disk has room for
  std::atomic<std::uint64_t> backlog_start_{0};
  std::atomic<std::uint64_t> spooled_{0};
};

}  // namespace weir::host::spool
