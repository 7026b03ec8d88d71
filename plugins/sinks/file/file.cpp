#include "file.h"

#include <algorithm>
#include <system_error>

namespace weir::plugins {
namespace {

constexpr std::uint64_t kEnvelopeGrowth = 6;  // a byte of a value is at most \u00xx in its envelope
constexpr std::uint64_t kShortestMemory = 1024 * 1024;

}  // namespace

FileSink::FileSink(const Context& config)
    : config_(config),
      lines_(line_format(config, config.is_dead_letter() ? LineFormat::envelope : LineFormat::value), Acks(config)) {
  options_.path = config.file("path");
  options_.durable = config.is_dead_letter();
  options_.longest_torn = kEnvelopeGrowth * std::max(config.memory(), kShortestMemory);
  options_.task = config.task();
}

void FileSink::start() {
  failure_.clear();
  AppendFile::Opened opened = AppendFile::open(options_);
  file_ = std::move(opened.file);
  if (opened.cut > 0)
    config_.log().warn("Cut a torn last line. path=" + options_.path + " bytes=" + std::to_string(opened.cut));
}

std::size_t FileSink::put(Batch& batch) {
  if (!failure_.empty()) throw FatalError(failure_);
  for (const Record& record : batch) lines_.add(record);
  const AppendFile::Written written = file_->append(lines_.unsent());
  if (options_.durable && written.bytes > 0) {
    if (const int error = file_->sync()) return fail("sync", error, 0);
  }
  const std::size_t taken = lines_.sent(written.bytes);
  return written.error == 0 ? taken : fail("write", written.error, taken);
}

/// What is written counts; the rest was not taken, and the next put says why.
std::size_t FileSink::fail(const std::string& what, int error, std::size_t taken) {
  lines_.forget();
  failure_ = "cannot " + what + " " + options_.path + ": " + std::generic_category().message(error);
  if (taken == 0) throw FatalError(failure_);
  return taken;
}

void FileSink::stop() {
  if (file_) file_->leave(options_.task.index);
  file_.reset();
}

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::FileSink)
