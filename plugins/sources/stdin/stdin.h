#pragma once
#include <weir/source.hpp>

#include "lines/line_reader.h"
#include "waiting/wakeup.h"

namespace weir::plugins {

/// Reads lines from standard input: each is the value of a record.
class StdinSource {
 public:
  static constexpr auto name = "stdin";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Reads lines from standard input: each is the value of a record.";
  static constexpr auto details =
      R"(Lines end with LF, CRLF or the input; a byte order mark at the start is cut, blank lines are skipped. A line longer than `max_line_bytes` (or than a quarter of `memory`) is
skipped to its end and fails without payload.

A dead letter names, as its position's offset, the number of bytes up to its line's end. Standard input cannot be read again, so no position is stored: what was read and not delivered when the process ends is lost, and a stop before the
input's end exits with 1 if something was still in flight. Of several tasks the first reads; of several pipelines only one may.)";
  static constexpr auto fields = weir::fields(
      weir::optional("max_line_bytes", weir::Type::size, R"("1MiB")", "The longest line taken as a record."));
  static constexpr bool exclusive = true;

  explicit StdinSource(const Context& config);
  ~StdinSource();
  StdinSource(const StdinSource&) = delete;
  StdinSource& operator=(const StdinSource&) = delete;

  void start();
  Poll poll(Output& out);
  void wake() noexcept { wakeup_.wake(); }
  void stop();

 private:
  Task task_;
  LineReader reader_;
  Wakeup wakeup_;
};

}  // namespace weir::plugins
