#include "line_queue/line_queue.h"

#include "envelope/envelope.h"

namespace weir::plugins {
namespace {

constexpr std::size_t kKeptBytes = 1024 * 1024;  // memory kept for the next lines; more was for one large record

constexpr Reason kNull("a null value is no line: use format envelope");
constexpr Reason kLineBreak("a value with a line break is no line: use format envelope");

/// Null: appended.
const char* append_value(std::string& out, const Record& record) {
  const auto value = record.value_bytes();
  if (!value) return kNull.c_str();
  if (value->find('\n') != std::string_view::npos) return kLineBreak.c_str();
  out += *value;
  return nullptr;
}

}  // namespace

LineFormat line_format(const Context& config, LineFormat otherwise) {
  if (!config.has("format")) return otherwise;
  if (config.text("format") == "envelope") return LineFormat::envelope;
  // A dead letter must not be refused: an over-long line has no value, nor has any of a pipeline that protects people.
  return config.is_dead_letter() ? LineFormat::value_or_envelope : LineFormat::value;
}

void LineQueue::add(const Record& record) {
  const char* refusal = format_ == LineFormat::envelope ? kNull.c_str() : append_value(bytes_, record);
  if (refusal != nullptr && format_ != LineFormat::value) {
    append_envelope(bytes_, record);
    refusal = nullptr;
  }
  if (refusal == nullptr) bytes_ += '\n';
  lines_.push_back({record.handle(), bytes_.size(), refusal});
}

std::size_t LineQueue::sent(std::size_t bytes) {
  done_.clear();
  const std::size_t count = sent(bytes, done_);
  if (!done_.empty()) acks_.ok(done_);
  return count;
}

std::size_t LineQueue::sent(std::size_t bytes, std::vector<Delivery>& out) {
  sent_ += bytes;
  std::size_t count = 0;
  while (count < pending() && lines_[first_ + count].end <= sent_) ++count;
  move_on(count, out);
  if (pending() == 0) {
    compact();
  } else if (line_start_ > kKeptBytes) {
    shift();
  }
  return count;
}

/// Past so many lines: those that are none are refused.
void LineQueue::move_on(std::size_t count, std::vector<Delivery>& out) {
  for (std::size_t i = first_; i < first_ + count; ++i) {
    const Line& line = lines_[i];
    line_start_ = line.end;
    if (line.refusal == nullptr) {
      out.push_back(line.record);
    } else {
      acks_.refuse(line.record, line.refusal == kNull.c_str() ? kNull : kLineBreak);
    }
  }
  first_ += count;
}

std::string_view LineQueue::rest_of_line() const {
  if (unfinished() == 0) return {};
  const std::string_view rest = unsent();
  return rest.substr(0, rest.find('\n') + 1);
}

void LineQueue::give_back(Reason reason) {
  done_.clear();
  for (std::size_t i = first_; i < lines_.size(); ++i) done_.push_back(lines_[i].record);
  if (!done_.empty()) acks_.give_back(done_, reason);
  forget();
}

void LineQueue::forget() {
  first_ = lines_.size();
  compact();
}

/// Frees what is out, while more waits behind it.
void LineQueue::shift() {
  bytes_.erase(0, line_start_);
  lines_.erase(lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(first_));
  for (Line& line : lines_) line.end -= line_start_;
  sent_ -= line_start_;
  first_ = line_start_ = 0;
}

void LineQueue::compact() {
  lines_.clear();
  bytes_.clear();
  if (bytes_.capacity() > kKeptBytes) bytes_.shrink_to_fit();
  first_ = sent_ = line_start_ = 0;
}

}  // namespace weir::plugins
