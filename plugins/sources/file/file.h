#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <weir/source.hpp>

#include "line_file.h"
#include "lines/line_reader.h"
#include "waiting/wakeup.h"

namespace weir::plugins {

/// Reads the lines of a file: each is the value of a record.
class FileSource {
 public:
  static constexpr auto name = "file";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Reads the lines of a file: each is the value of a record.";
  static constexpr auto details =
      R"(Lines end with LF, CRLF or the file; a byte order mark at the start is cut, blank lines are skipped. A line longer than `max_line_bytes` (or than a quarter of `memory`) is
skipped to its end and fails without payload.

Its position is the file's absolute path and the byte after the line: a restart goes on there. A file shorter than its position stops the pipeline, for it
is not the file it was; `--fresh` reads it from the start. A last line without end that has grown since is read again, whole. With `follow` the source waits at the end for more, and a line counts when its end is there; if the file is
truncated, removed or replaced meanwhile, the pipeline stops. Of several tasks the first reads.)";
  static constexpr auto fields = weir::fields(
      weir::required("path", weir::Type::file, "The file, relative to the YAML file."),
      weir::optional("follow", weir::Type::flag, "false", "Waits at the file's end for more, instead of ending."),
      weir::optional("start_at", weir::choices("beginning", "end"), R"("beginning")",
                     "Where to begin when no position is stored; `end`: with the first line that begins later."),
      weir::optional("max_line_bytes", weir::Type::size, R"("1MiB")", "The longest line taken as a record."));
  static constexpr bool resumable = true;

  explicit FileSource(const Context& config);
  void start();
  Poll poll(Output& out);
  void wake() noexcept { wakeup_.wake(); }
  void stop();

 private:
  using Clock = std::chrono::steady_clock;

  std::uint64_t stored_offset(const std::string& offset) const;
  void open_at(std::uint64_t offset, bool inside_line);
  bool wait_for_growth(std::chrono::milliseconds timeout);
  bool has_something() const;
  std::chrono::milliseconds look_interval(Clock::time_point now) const;
  Poll at_end();

  Task task_;
  Positions positions_;
  std::string path_;
  bool follows_;
  bool starts_at_end_;
  std::size_t longest_line_;
  Wakeup wakeup_;
  std::optional<LineFile> file_;  // open between start and stop
  std::optional<LineReader> reader_;
  Clock::time_point quiet_since_;  // nothing came since then
  bool position_is_new_ = false;   // begun at the end: has to be stored before the first line comes
};

}  // namespace weir::plugins
