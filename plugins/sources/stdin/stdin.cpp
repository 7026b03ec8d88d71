#include "stdin.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>

#include "line_records/line_records.h"

namespace weir::plugins {
namespace {

using std::chrono::milliseconds;

constexpr int kReads = 4;  // of one poll, for a line: the host takes a poll without records as rest

/// Who reads standard input; null: nobody. Two readers would tear each other's lines apart.
std::atomic<const StdinSource*> reader_of_stdin{nullptr};

class StandardInput final : public ByteSource {
 public:
  ReadResult read(std::span<char> into) override {
    const ssize_t got = ::read(STDIN_FILENO, into.data(), into.size());
    if (got > 0) return {ReadState::data, static_cast<std::size_t>(got)};
    if (got == 0) return {ReadState::end};
    if (errno == EINTR || errno == EAGAIN) return {ReadState::nothing};
    return {ReadState::failed, 0, errno};
  }
};

/// Where a line ends is never stored, and tells people which one a dead letter was.
class Lines final : public LineRecords {
 public:
  using LineRecords::LineRecords;

 protected:
  Origin origin(std::uint64_t end) override { return out().origin_never_stored(std::to_string(end)); }
};

}  // namespace

StdinSource::StdinSource(const Context& config) : task_(config.task()), reader_(longest_line(config), 0) {}

StdinSource::~StdinSource() { stop(); }

void StdinSource::start() {
  if (task_.index != 0) return;
  const StdinSource* nobody = nullptr;
  if (!reader_of_stdin.compare_exchange_strong(nobody, this) && nobody != this)
    throw FatalError("standard input is read by another source: only one may");
}

Poll StdinSource::poll(Output& out) {
  if (task_.index != 0) return Poll::end;
  if (!reader_.has_lines() && !wakeup_.wait(out.timeout(), STDIN_FILENO)) return Poll::more;
  StandardInput input;
  Lines lines(out);
  ReadResult result = reader_.poll(input, lines, line_limits(out));
  for (int i = 1; i < kReads && lines.empty() && result.state == ReadState::data; ++i) {
    if (!reader_.has_lines() && !wakeup_.wait(milliseconds(0), STDIN_FILENO)) break;
    result = reader_.poll(input, lines, line_limits(out));
  }
  if (result.state == ReadState::failed)
    throw FatalError("cannot read standard input: " + std::generic_category().message(result.error));
  return result.state == ReadState::end ? Poll::end : Poll::more;
}

void StdinSource::stop() {
  const StdinSource* self = this;
  reader_of_stdin.compare_exchange_strong(self, nullptr);
}

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::StdinSource)
