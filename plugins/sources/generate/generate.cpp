#include "generate.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace weir::plugins {
namespace {

using std::chrono::milliseconds;

std::uint64_t natural(const Context& config, const char* name) {
  const std::int64_t value = config.integer(name);
  if (value < 0) throw config.error(name, "must not be negative");
  return static_cast<std::uint64_t>(value);
}

/// The index after a stored offset; empty: the offset is none.
std::optional<std::uint64_t> parse(const std::string& offset) {
  std::uint64_t index = 0;
  const auto [end, error] = std::from_chars(offset.data(), offset.data() + offset.size(), index);
  if (error != std::errc() || end != offset.data() + offset.size()) return std::nullopt;
  return index;
}

}  // namespace

GenerateSource::GenerateSource(const Context& config)
    : task_(config.task()),
      positions_(config),
      events_(static_cast<std::uint64_t>(config.integer("seed"))),
      batches_(config.text("shape") == "batch"),
      count_(natural(config, "count")),
      rate_(config.number("rate") / task_.count),
      partition_(std::to_string(task_.index) + "/" + std::to_string(task_.count)) {
  if (!(rate_ >= 0) || std::isinf(rate_)) throw config.error("rate", "must be 0 or a positive number");
}

void GenerateSource::start() {
  next_ = task_.index;
  if (const auto offset = positions_.stored(partition_)) {
    const auto last = parse(*offset);
    if (!last) throw FatalError("the stored position of the generated records is no index; --fresh starts anew");
    next_ = *last + task_.count;
  }
  started_ = Clock::now();
  made_ = 0;
}

Poll GenerateSource::poll(Output& out) {
  if (next_ >= count_) return Poll::end;
  const std::uint32_t records = allowed(out);
  const std::size_t longest = batches_ ? Events::kLongestBatch : Events::kLongestEvent;
  if (records == 0) return Poll::more;
  const std::size_t size = std::max(longest, std::min(out.max_bytes(), records * longest));
  char* block = out.buffer(size);
  if (block == nullptr)
    throw FatalError("memory is too small: a record takes up to " + std::to_string(longest) +
                     " bytes, and a quarter of memory at most");
  used_ = 0;
  for (std::uint32_t i = 0; i < records && next_ < count_ && used_ + longest <= size; ++i)
    append_next(out, block + used_);
  return next_ >= count_ ? Poll::end : Poll::more;
}

/// How many records may be made now. With a rate: waits for the next one's time first.
std::uint32_t GenerateSource::allowed(const Output& out) {
  if (rate_ == 0) return out.max_records();
  if (due() <= made_) {
    const auto next_due = started_ + std::chrono::duration_cast<Clock::duration>(
                                         std::chrono::duration<double>(static_cast<double>(made_ + 1) / rate_));
    const auto left = std::chrono::ceil<milliseconds>(next_due - Clock::now());
    wakeup_.wait(std::clamp(left, milliseconds(0), out.timeout()));
  }
  const std::uint64_t now_due = due();
  return now_due <= made_ ? 0 : static_cast<std::uint32_t>(std::min<std::uint64_t>(now_due - made_, out.max_records()));
}

/// Records whose time has come since start.
std::uint64_t GenerateSource::due() const {
  return static_cast<std::uint64_t>(std::chrono::duration<double>(Clock::now() - started_).count() * rate_);
}

void GenerateSource::append_next(Output& out, char* memory) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), next_).ptr;
  std::optional<Record> record = out.append(out.origin(partition_, {digits.data(), end}));
  if (!record) throw FatalError("the host refused a record within the limits of the poll");
  const std::string_view value = batches_ ? events_.batch(next_, memory) : events_.event(next_, memory);
  out.set_view(*record, Slot::value, value);
  used_ += value.size();
  next_ += task_.count;
  ++made_;
}

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::GenerateSource)
