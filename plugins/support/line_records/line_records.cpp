#include "line_records/line_records.h"

#include <algorithm>

namespace weir::plugins {
namespace {

constexpr std::uint64_t kSharesOfMemory = 4;  // one record takes at most a quarter (design section 3.5)

}  // namespace

void LineRecords::line(std::string_view text, std::uint64_t end) {
  Record record = append(end);
  out_.set_view(record, Slot::value, text);
}

void LineRecords::too_long(std::uint64_t end) {
  append(end).fail("a line longer than max_line_bytes, or than a quarter of memory");
}

/// The origin is open already: had it no record, its position would count as done and the line would be lost.
Record LineRecords::append(std::uint64_t end) {
  std::optional<Record> record = out_.append(origin(end));
  if (!record) throw FatalError("the host refused a record within the limits of the poll");
  empty_ = false;
  return *record;
}

LineLimits line_limits(const Output& out) { return {out.max_records(), out.max_bytes()}; }

std::size_t longest_line(const Context& config) {
  const std::uint64_t longest = config.size("max_line_bytes");
  if (longest == 0) throw config.error("max_line_bytes", "must not be zero");
  return std::min(longest, config.memory() / kSharesOfMemory);
}

}  // namespace weir::plugins
