#include "file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

#include "line_records/line_records.h"

namespace weir::plugins {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookInterval{50};  // how often a followed file is asked for more
constexpr milliseconds kLongestLookInterval{250};
constexpr int kQuietLooks = 20;  // a file that was quiet for so many intervals is asked less often
constexpr int kReads = 4;        // of one poll, for a line: the host takes a poll without records as rest

/// An origin a line: its offset is the byte after it, as decimal text.
class Lines final : public LineRecords {
 public:
  Lines(Output& out, std::string_view path) : LineRecords(out), path_(path) {}

 protected:
  Origin origin(std::uint64_t end) override {
    const auto last = std::to_chars(digits_.data(), digits_.data() + digits_.size(), end).ptr;
    return out().origin(path_, {digits_.data(), last});
  }

 private:
  std::string_view path_;
  std::array<char, 20> digits_;
};

}  // namespace

FileSource::FileSource(const Context& config)
    : task_(config.task()),
      positions_(config),
      path_(config.file("path")),
      follows_(config.flag("follow")),
      starts_at_end_(config.text("start_at") == "end"),
      longest_line_(longest_line(config)) {}

void FileSource::start() {
  if (task_.index != 0) return;
  file_.emplace(path_, follows_);
  if (const auto stored = positions_.stored(path_)) {
    const std::uint64_t offset = stored_offset(*stored);
    // The last line had no end when it was read: now that it goes on, it is read again, whole.
    return open_at(file_->has_grown_inside_line(offset) ? file_->line_start(offset) : offset, false);
  }
  if (!starts_at_end_) return open_at(0, false);
  const std::uint64_t end = file_->size();
  position_is_new_ = true;
  open_at(end, !file_->line_begins_at(end));
}

std::uint64_t FileSource::stored_offset(const std::string& text) const {
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (error != std::errc() || end != text.data() + text.size())
    throw FatalError("the stored position of " + path_ + " is no offset; --fresh reads it from the start");
  const std::uint64_t size = file_->size();
  if (size < offset)
    throw FatalError(path_ + " is shorter than the stored position (" + std::to_string(size) + " bytes, position " +
                     text + "): it is not the file it was; --fresh reads it from the start");
  return offset;
}

void FileSource::open_at(std::uint64_t offset, bool inside_line) {
  file_->seek(offset);
  quiet_since_ = Clock::now();
  reader_.emplace(longest_line_, offset);
  if (inside_line) reader_->begin_inside_line();
}

Poll FileSource::poll(Output& out) {
  if (task_.index != 0) return Poll::end;
  if (position_is_new_) {
    position_is_new_ = false;
    static_cast<void>(out.origin(path_, std::to_string(reader_->offset())));
    return Poll::more;
  }
  if (follows_ && !wait_for_growth(out.timeout())) return Poll::more;
  Lines lines(out, path_);
  ReadResult result{ReadState::data};
  for (int i = 0; i < kReads && lines.empty() && result.state == ReadState::data; ++i)
    result = reader_->poll(*file_, lines, line_limits(out));
  if (result.state == ReadState::failed)
    throw FatalError("cannot read " + path_ + ": " + std::generic_category().message(result.error));
  return result.state == ReadState::end ? at_end() : Poll::more;
}

/// True: there is something to read. A wake ends the wait.
bool FileSource::wait_for_growth(milliseconds timeout) {
  auto now = Clock::now();
  const auto until = now + timeout;
  while (!has_something()) {
    const auto next = std::min(until, now + look_interval(now));
    if (next <= now) return false;
    wakeup_.wait(std::chrono::ceil<milliseconds>(next - now));
    now = Clock::now();
    if (now < next) return has_something();  // woken
  }
  quiet_since_ = now;
  return true;
}

bool FileSource::has_something() const {
  if (reader_->has_lines() || file_->has_more()) return true;
  file_->check_not_truncated();
  file_->check_not_replaced();
  return false;
}

milliseconds FileSource::look_interval(Clock::time_point now) const {
  const auto quiet = std::chrono::duration_cast<milliseconds>(now - quiet_since_);
  return std::clamp(quiet / kQuietLooks, kLookInterval, kLongestLookInterval);
}

Poll FileSource::at_end() {
  file_->check_not_truncated();
  return Poll::end;
}

void FileSource::stop() {
  reader_.reset();
  file_.reset();
}

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::FileSource)
