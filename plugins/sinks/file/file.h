#pragma once
#include <memory>
#include <string>
#include <weir/sink.hpp>

#include "append_file.h"
#include "group_commit.h"
#include "line_queue/line_queue.h"

namespace weir::plugins {

/// Appends records to a file, one a line.
class FileSink {
 public:
  static constexpr auto name = "file";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Appends records to a file, one a line.";
  static constexpr auto details =
      R"(`format: value` writes the value's bytes; a null value and one with a line break cannot be a line and are data errors. `format: envelope` writes the whole record
as one JSON object: `{"topic","key","value","value_base64","headers":[[name,value]],"timestamp_ms","error","position","clone"}`, absent members left out. It is the
default for dead letters, whose error and position it keeps.

The file is created when missing (its folder is not); a dead letter file is made readable for its owner alone, one that is there already keeps its permissions: a
warning tells when others may read it. A last line without end, left by a crash, is cut at start: its record was not acknowledged and comes again. One path, one sink: a file that another sink or process writes is refused.

A record counts as delivered when its line survives a power cut: one sync serves all that was written before it began. What cannot be synced, a terminal or
`/dev/null`, counts when written, but holds no dead letters. A full disk, a write or a sync that fails stops the pipeline; nothing of it is acknowledged.)";
  static constexpr auto fields =
      weir::fields(weir::output(weir::required("path", weir::Type::file, "The file, relative to the YAML file.")),
                   weir::optional("format", weir::choices("value", "envelope"),
                                  "What a line shows: the value, or the whole record as JSON. If not given: value, as "
                                  "dead letter sink envelope."));
  static constexpr bool durable = true;

  explicit FileSink(const Context& config);
  void start();
  std::size_t put(Batch& batch);
  void service(std::chrono::milliseconds timeout);
  bool flush(std::chrono::milliseconds timeout);
  void stop();

 private:
  void tell_about(const AppendFile::Opened& opened) const;
  void fail(const char* what, int error, const char* more = "");
  void check();

  Context config_;
  AppendFile::Options options_;
  LineQueue lines_;
  std::vector<Delivery> written_;     // scratch
  std::shared_ptr<AppendFile> file_;  // shared with the other tasks of this connector; null: not started
  std::unique_ptr<GroupCommit> commit_;
  std::string failure_;  // why nothing more can be written; "": nothing failed
};

}  // namespace weir::plugins
