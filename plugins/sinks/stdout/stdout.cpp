#include "stdout.h"

#include <cerrno>
#include <system_error>

namespace weir::plugins {
namespace {

constexpr std::size_t kMostUnsent = 256 * 1024;  // bytes waiting for the reader; then the sink is full

std::string text_of(int error) {
  return error == EPIPE ? "nobody reads standard output any more (broken pipe)"
                        : "cannot write to standard output: " + std::generic_category().message(error);
}

}  // namespace

void StdoutSink::start() {
  error_ = StandardOutput::instance().error();
  check();
}

std::size_t StdoutSink::put(Batch& batch) {
  check();
  std::size_t taken = 0;
  for (const Record& record : batch) {
    if (lines_.unsent().size() > kMostUnsent) break;
    lines_.add(record);
    ++taken;
  }
  write();  // an error waits for the next call: these records are taken
  return taken;
}

void StdoutSink::service(std::chrono::milliseconds timeout) {
  write();
  if (lines_.pending() > 0 && error_ == 0) {
    StandardOutput::instance().wait(timeout);
    write();
  }
  check();
}

bool StdoutSink::flush(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (write(); lines_.pending() > 0; write()) {
    check();
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    StandardOutput::instance().wait(left);
  }
  return true;
}

void StdoutSink::stop() {
  StandardOutput::instance().leave(this, lines_.rest_of_line());
  lines_.give_back("standard output is closed");
}

void StdoutSink::write() {
  if (lines_.pending() == 0 || error_ != 0) return;
  const StandardOutput::Written written = StandardOutput::instance().write(this, lines_.unsent());
  lines_.sent(written.bytes);
  error_ = written.error;
}

void StdoutSink::check() const {
  if (error_ != 0) throw FatalError(text_of(error_));
}

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::StdoutSink)
