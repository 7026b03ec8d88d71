#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "errors/status.h"
#include "spool/files.h"
#include "spool/format.h"

namespace weir::host::spool {

/// A segment as far as it is known. What of one from an earlier run is not in its name and size is read when somebody asks.
struct Segment {
  Sequence first = 0;
  Sequence end = 0;           // one behind its last record; of the one being written: that is durable
  std::uint64_t ordinal = 0;  // records the spool had taken before it
  std::uint64_t count = 0;
  std::uint64_t data_end = 0;  // no block lies behind it; of the one being written: no durable one
  std::uint64_t bytes = 0;     // of the file
  std::int64_t created_ms = 0;
  std::int64_t newest_ms = 0;
  bool known = false;  // false: only first and bytes are
  bool writing = false;
  bool readable = true;     // false: its header is damaged twice or of another segment, or its file has gone
  std::string wrapped_key;  // empty: plain
  SpoolId spool{};

  [[nodiscard]] std::uint64_t ordinal_end() const { return ordinal + count; }
};

/// The segments of a spool folder, in order. Thread-safe.
class Segments {
 public:
  Segments(FileSystem& files, std::string folder) : files_(files), folder_(std::move(folder)) {}

  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] std::string path(Sequence first) const { return folder_ + "/" + segment_name(first); }

  void clear();
  /// Adds one, or replaces what is known of it.
  void set(const Segment& segment);
  void remove(Sequence first);
  /// Segments that began here have expired and are gone: who asks where the one before them ended is not told by those behind.
  void set_hole(Sequence first);
  /// What is durable and not in a segment yet begins here; where an empty spool stands.
  void set_end(Sequence next, std::uint64_t ordinal);

  /// The one that holds `sequence`, or the first behind it; all that is known of it. NOT_FOUND: there is none.
  [[nodiscard]] Result<Segment> find(Sequence sequence);
  /// The one that begins with `first`; as find().
  [[nodiscard]] Result<Segment> get(Sequence first);
  /// The first one; as find().
  [[nodiscard]] Result<Segment> front() { return find(0); }
  /// The one that begins behind `first`; as find().
  [[nodiscard]] Result<Segment> after(Sequence first);
  /// Copies of all, known or not.
  [[nodiscard]] std::vector<Segment> all() const;

  /// One behind the newest durable record.
  [[nodiscard]] Sequence end() const;
  /// Records the spool ever took that are durable.
  [[nodiscard]] std::uint64_t ordinal_end() const;
  [[nodiscard]] std::uint64_t bytes() const;
  [[nodiscard]] std::size_t size() const;

 private:
  [[nodiscard]] Result<Segment> known(Sequence first);
  [[nodiscard]] Status learn(Segment& segment, std::optional<Sequence> next);

  FileSystem& files_;
  const std::string folder_;
  mutable std::mutex mutex_;
  std::map<Sequence, Segment> all_;
  Sequence end_ = 1;
  Sequence hole_first_ = 0;  // 0: none
  std::uint64_t ordinal_end_ = 0;
  std::uint64_t bytes_ = 0;
};

/// What a segment says of itself, read from its header and footer.
struct SegmentFacts {
  std::optional<SegmentHeader> header;  // nothing: both copies are damaged
  std::optional<Footer> footer;         // nothing: it was not sealed, or is damaged
  std::uint64_t bytes = 0;
  std::uint32_t damaged_headers = 0;  // of the two copies
};
/// NOT_FOUND: there is no such file. E_FATAL: it cannot be read.
[[nodiscard]] Result<SegmentFacts> read_facts(FileSystem& files, const std::string& path);

}  // namespace weir::host::spool
