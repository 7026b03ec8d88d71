#pragma once
#include <weir/sink.hpp>

#include "line_queue/line_queue.h"
#include "standard_output.h"

namespace weir::plugins {

/// Writes records to standard output, one a line.
class StdoutSink {
 public:
  static constexpr auto name = "stdout";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Writes records to standard output, one a line.";
  static constexpr auto details =
      R"(`format: value` writes the value's bytes; a null value and one with a line break cannot be a line and are data errors. `format: envelope` writes the whole record
as one JSON object, as the sink `file` does. A record counts as delivered when its line was written. When the reader of a pipe goes away the pipeline fails.)";
  static constexpr auto fields =
      weir::fields(weir::optional("format", weir::choices("value", "envelope"), R"("value")",
                                  "What a line shows: the value, or the whole record as JSON."));

  explicit StdoutSink(const Context& config) : lines_(line_format(config, LineFormat::value), Acks(config)) {}
  void start();
  std::size_t put(Batch& batch);
  void service(std::chrono::milliseconds timeout);
  bool flush(std::chrono::milliseconds timeout);
  void stop();

 private:
  void write();
  void check() const;

  LineQueue lines_;
  int error_ = 0;  // errno of the write that failed: nothing goes out any more
};

}  // namespace weir::plugins
