#include "file.h"

#include <algorithm>
#include <system_error>

namespace weir::plugins {
namespace {

constexpr std::uint64_t kEnvelopeGrowth = 6;  // a byte of a value is at most \u00xx in its envelope
constexpr std::uint64_t kShortestMemory = 1024 * 1024;
constexpr std::uint32_t kForOthers = 077;  // permission bits

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
  commit_ = std::make_unique<GroupCommit>(*file_, Acks(config_));
  tell_about(opened);
}

void FileSink::tell_about(const AppendFile::Opened& opened) const {
  if (opened.cut > 0)
    config_.log().warn("Cut a torn last line. path=" + options_.path + " bytes=" + std::to_string(opened.cut));
  if (options_.durable && (opened.mode & kForOthers) != 0)
    config_.log().warn("Others than its owner may read or write the dead letter file. path=" + options_.path);
}

std::size_t FileSink::put(Batch& batch) {
  check();
  for (const Record& record : batch) lines_.add(record);
  const AppendFile::Written written = file_->append(lines_.unsent());
  written_.clear();
  const std::size_t taken = lines_.sent(written.bytes, written_);
  commit_->add(written_);
  if (written.error != 0) {  // what is written counts; the rest was not taken, and the next put says why
    lines_.forget();
    fail("write", written.error, written.torn ? "; it ends with a torn line that could not be cut" : "");
    if (taken == 0) check();
  }
  return taken;
}

/// Acknowledgements come by themselves; only a sync that failed has to be told.
void FileSink::service(std::chrono::milliseconds) { check(); }

bool FileSink::flush(std::chrono::milliseconds timeout) {
  if (commit_->wait(timeout)) return true;
  check();
  return false;
}

void FileSink::stop() {
  commit_.reset();
  if (file_) file_->leave(options_.task.index);
  file_.reset();
}

void FileSink::fail(const char* what, int error, const char* more) {
  failure_ = std::string("cannot ") + what + " " + options_.path + ": " + std::generic_category().message(error) + more;
}

void FileSink::check() {
  if (failure_.empty() && commit_->error() != 0) fail("sync", commit_->error());
  if (!failure_.empty()) throw FatalError(failure_);
}

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::FileSink)
