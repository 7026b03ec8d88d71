#pragma once
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <weir/source.hpp>

#include "catalog.h"
#include "pattern.h"
#include "track.h"
#include "waiting/wakeup.h"

namespace weir::plugins {

/// Reads the lines of files: each is the value of a record.
class FileSource {
 public:
  static constexpr auto name = "file";
  static constexpr auto version = "1.2.0";
  static constexpr auto summary = "Reads the lines of files: each is the value of a record.";
  static constexpr auto details =
      R"(Lines end with LF, CRLF or the file; a byte order mark at the start is cut, blank lines are skipped. A line longer than `max_line_bytes` (or than a quarter of `memory`) is
skipped to its end and fails without payload.

`path` names one file, or with `*`, `?` and `[…]` in its names many: `logs/*/app-*.ndjson.gz`. `\` takes the meaning of the next character away, a name that is there as it is written
needs none. Files are read in the order of their names, each by one task (a hash of its path says which), so `tasks_max` spreads them and may change between runs. Files ending with .gz or .zst are decompressed, all members or frames;
one that is damaged or cut off stops the pipeline after the lines before the damage. A file this pipeline writes is refused.

A position is the file's absolute path and the byte after the line, of a compressed file the byte of what it decompresses to. A restart goes on there, with a compressed file by decompressing up to there. A file that is shorter than
its position, or begins with other bytes than the one that was read, stops the pipeline, unless the one that was read lies beside it under another name; `--fresh` reads all from the start. With `follow` a warning says how much was read of the one that is gone,
and the file is read as a new one. A last line without end that has grown since is read again, whole.

With `follow` the source waits for more lines and more files, and a line counts when its end is there. A renamed file is read to its end, and a few seconds longer for a writer that still has it open,
before the new one of its name begins, also when the worker was down meanwhile; it is not read again because its new name fits `path`, nor when it has been compressed. Where nothing tells a file from one that was read, it is read again rather than never. A file that was truncated begins anew, after what a copy of it beside it
(logrotate's `copytruncate`) holds behind the position; without one, what had not been read is gone, and a warning says so.)";
  static constexpr auto fields = weir::fields(
      weir::required("path", weir::Type::file, "The file, or a pattern of files, relative to the YAML file."),
      weir::optional("follow", weir::Type::flag, "false", "Waits for more lines and files, instead of ending."),
      weir::optional("start_at", weir::choices("beginning", "end"), R"("beginning")",
                     "Where to begin in the files that are there at the start and have no stored position; `end`: with "
                     "the first line that begins later."),
      weir::optional("max_line_bytes", weir::Type::size, R"("1MiB")", "The longest line taken as a record."));
  static constexpr bool resumable = true;

  explicit FileSource(const Context& config);
  void start();
  Poll poll(Output& out);
  void wake() noexcept { wakeup_.wake(); }
  void stop();

 private:
  using Clock = std::chrono::steady_clock;

  void take_new();
  bool store_marks(Output& out);
  bool read_one(Output& out);
  void look_at_idle(Clock::time_point now);
  void set_idle(Track& track);
  void drop(const Track& track);
  [[nodiscard]] std::chrono::milliseconds look_interval(Clock::time_point now) const;

  const Task task_;
  const Positions positions_;
  const Log log_;
  const std::string connector_;  // what the tasks of this connector have in common, and others have not
  Catalog::Options options_;
  std::size_t longest_line_;
  Wakeup wakeup_;

  // Between start and stop:
  std::shared_ptr<Catalog> catalog_;                      // shared with the other tasks
  std::map<std::string, std::unique_ptr<Track>> tracks_;  // by chain
  std::deque<Track*> ready_;                              // may have lines; the first is being read
  std::vector<Track*> idle_;                              // have none now
  std::deque<Track*> open_;                               // of the idle ones, the longest idle first
  std::deque<Catalog::Mark> marks_;                       // to be stored with the next poll
  std::size_t most_open_ = 1;
  int turns_ = 0;                    // polls of the first of ready_ in a row
  Clock::time_point quiet_since_{};  // nothing came since then
  Clock::time_point next_look_{};    // at the idle ones
};

}  // namespace weir::plugins
