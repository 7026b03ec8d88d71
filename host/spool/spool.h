#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "observe/log.h"
#include "pipeline/figures.h"
#include "pipeline/io.h"
#include "spool/files.h"

/// A durable buffer between two legs of a pipeline: its sink acknowledges a record when it is on disk, its source gives what is on
/// disk, in order. Format and rules: docs/spool-format.md.
namespace weir::host::spool {

/// What `spool:` says, as plain values.
struct Options {
  std::string folder;  // absolute
  std::string owner;   // the pipeline; the spool of another one is refused. Empty: nobody asks
  std::uint64_t max_bytes = 50ull << 30;
  std::chrono::milliseconds max_age = std::chrono::hours(24 * 30);
  std::chrono::milliseconds keep_delivered{0};  // since the record was spooled
  std::string secrets;                          // lines, the newest first; empty: plain
  std::uint64_t segment_bytes = 64u << 20;      // for tests; at most an eighth of max_bytes is used
  std::uint64_t write_memory = 8u << 20;        // bytes its sinks may gather together, what packing them takes included
  std::uint64_t read_memory =
      3u << 20;  // bytes its source may hold beside slices, 544 KiB at least; a larger record takes more
};

/// One spool folder in use by this process. Made without touching the disk; opened by the first start() of its ends, closed after the
/// last stop(), or release(). Thread-safe.
class Spool {
 public:
  /// `files` outlives it. `now_ms`: wall clock, asked from any thread.
  Spool(Options options, FileSystem& files, std::function<std::int64_t()> now_ms, Log log);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// Since it was opened; bytes_limit is max_bytes.
  [[nodiscard]] BacklogFigures figures() const;
  /// The ingest leg has come to its end by itself, all of it settled: the source says END when nothing is left.
  void end_input();
  /// Once opened, the folder stays so until release(), also while none of its ends is started: one may begin when the other has ended.
  void hold();
  void release();

 private:
  friend std::unique_ptr<Sink> make_sink(std::shared_ptr<Spool> spool);
  friend std::unique_ptr<Source> make_source(std::shared_ptr<Spool> spool, Positions& positions);

  std::unique_ptr<class Core> core_;
};

/// For one task of the ingest leg. put() takes what fits; each record is acknowledged after the fdatasync of its block.
[[nodiscard]] std::unique_ptr<Sink> make_sink(std::shared_ptr<Spool> spool);  // shared: the last end closes it
/// For the task of the drain leg; one a spool. poll() gives durable records in order, each with an origin of its own: partition
/// kPartition, offset the decimal sequence number. `positions` outlives the source, is loaded before any end of the spool starts, and
/// answers stored() from any thread.
[[nodiscard]] std::unique_ptr<Source> make_source(std::shared_ptr<Spool> spool, Positions& positions);

/// The source partition of what comes out of a spool.
inline constexpr std::string_view kPartition = "spool";

}  // namespace weir::host::spool
