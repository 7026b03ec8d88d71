#include "cli/dlq/source.h"

#include <algorithm>

#include "cli/envelope/sealed_letter.h"
#include "crypto/fingerprint.h"
#include "observe/log.h"
#include "spool/spool.h"

namespace weir::host::cli {
namespace {

constexpr std::chrono::milliseconds kLongestLook{100};  // for the next letter, at a time
constexpr std::chrono::milliseconds kNoteEvery{250};

std::size_t size_of(const LetterRecord& record) {
  std::size_t size = record.key.value_or("").size() + record.value.value_or("").size();
  for (const auto& [name, value] : record.headers) size += name.size() + value.value_or("").size();
  return size;
}

Bytes copied(Slice& slice, const LetterRecord::Bytes& bytes) { return bytes ? slice.arena().copy(*bytes) : kNullBytes; }

}  // namespace

const LetterOnTheWay* LettersOnTheWay::find(std::uint64_t token) const {
  const auto found = letters_.find(token);
  return found == letters_.end() ? nullptr : &found->second;
}

void LettersOnTheWay::look_at(const Slice& slice) {
  for (const Record* record : slice.records()) {
    if (record->clone_number > 0 || record->origin == nullptr) continue;
    const auto found = letters_.find(record->origin->token);
    if (found != letters_.end() && found->second.record == record) found->second.clones_made = record->clone_count;
  }
}

/// What a transform made of other records, and is no clone, cannot be told apart: it goes on.
bool LettersOnTheWay::wants(const Record& record) const {
  const LetterOnTheWay* letter = find(record.origin->token);
  if (letter == nullptr || letter->clone == 0) return true;
  return record.clone_number == 0 ? &record != letter->record : record.clone_number == letter->clone;
}

LetterSource::LetterSource(Setup& setup, LettersOnTheWay& on_the_way, LetterCounts& counts, Positions& positions,
                           std::size_t largest_record)
    : setup_(setup), on_the_way_(on_the_way), counts_(counts), positions_(positions), largest_record_(largest_record) {}

Status LetterSource::poll(Slice& into, const PollLimits& limits) {
  if (!noted_.empty() && Clock::now() >= note_at_) {
    if (Status status = keep_noted(); !status.ok()) return status;
  }
  const auto until = Clock::now() + kLongestLook;
  std::size_t bytes = 0;
  for (std::uint32_t count = 0; count < limits.max_records; ++count) {
    if (!is_due() || !find_next(until)) break;
    const std::size_t size = size_of(next_->record);
    if (count > 0 && bytes + size > limits.max_bytes) break;
    bytes += size;
    append(into);
  }
  if (!setup_.file.status().ok()) return setup_.file.status();
  return {ended_ && !next_ ? WEIR_END : WEIR_OK, ""};
}

/// Whether the rate allows one more now.
bool LetterSource::is_due() {
  if (setup_.rate == 0) return true;
  const auto now = Clock::now();
  if (now < due_) return false;
  // What was not used of the time before does not pile up.
  due_ = std::max(due_, now - kLongestLook);
  return true;
}

/// False: none was found yet.
bool LetterSource::find_next(Clock::time_point until) {
  const std::uint64_t limit = setup_.selection.limit();
  LetterFile::Line line;
  while (!next_ && !ended_ && Clock::now() < until) {
    ended_ = (limit > 0 && chosen_ == limit) || !setup_.file.next(line) || setup_.selection.ends_before(line.number);
    if (!ended_) next_ = look_into(line);
  }
  return next_.has_value();
}

std::optional<LetterSource::Next> LetterSource::look_into(const LetterFile::Line& line) {
  auto letter = line.too_long ? Status::data("it is longer than a dead letter can be") : Letter::parse(line.text);
  if (!letter) {
    if (setup_.selection.takes_damaged(line.number)) note(counts_.damaged, line.number, letter.status().message());
    return std::nullopt;
  }
  const bool before = setup_.replayed.contains(line.offset, line.text);
  if (!setup_.selection.takes(line.number, *letter, before)) return std::nullopt;
  if (!setup_.pipeline.empty() && letter->pipeline != setup_.pipeline) {
    ++counts_.others;
    return std::nullopt;
  }
  if (before) {
    ++counts_.before;
    return std::nullopt;
  }
  ++chosen_;
  auto record = letter->open(setup_.keys ? &*setup_.keys : nullptr);
  if (!record) {
    std::uint64_t& count = letter->payload == Letter::Payload::none  ? counts_.without_payload
                           : record.status().code() == WEIR_E_CONFIG ? counts_.closed
                                                                     : counts_.damaged;
    note(count, line.number, record.status().message());
    return std::nullopt;
  }
  if (size_of(*record) > largest_record_) {
    note(counts_.too_large, line.number, "its record is larger than a quarter of the pipeline's memory");
    return std::nullopt;
  }
  LetterOnTheWay way{line.number,   {line.offset, crypto::fingerprint(line.text)},
                     letter->clone, letter->partition == spool::kPartition,
                     nullptr,       0};
  return Next{*std::move(letter), *std::move(record), std::move(way)};
}

void LetterSource::append(Slice& into) {
  Next next = *std::exchange(next_, std::nullopt);
  if (setup_.rate > 0) due_ += std::chrono::nanoseconds(std::chrono::seconds(1)) / setup_.rate;
  const std::uint64_t token = next.way.line.offset + 1;  // 0 is none
  const std::uint32_t partition =
      next.letter.partition.empty() ? Origin::kNoPartition : positions_.partition(next.letter.partition);
  Origin* origin = into.origins()->open(partition, bytes_of(next.letter.offset), token);
  Record* record = into.append(*origin);
  record->set_slot(WEIR_KEY, copied(into, next.record.key));
  record->set_slot(WEIR_VALUE, copied(into, next.record.value));
  for (const auto& [name, value] : next.record.headers) record->add_header(name, copied(into, value));
  record->timestamp_ms = next.record.timestamp_ms;
  next.way.record = record;
  on_the_way_.add(token, std::move(next.way));
}

void LetterSource::settled(std::span<const weir_settled> origins) noexcept {
  for (const weir_settled& origin : origins) {
    const LetterOnTheWay* letter = on_the_way_.find(origin.token);
    if (letter == nullptr) continue;
    if (origin.status < 0) {
      note(counts_.not_sent, letter->number, "it was not settled");
    } else if (letter->clone > letter->clones_made) {
      note(counts_.clone_gone, letter->number,
           "today's transforms do not make clone " + std::to_string(letter->clone) + " of its record");
    } else {
      if (noted_.empty()) note_at_ = Clock::now() + kNoteEvery;
      noted_.push_back(letter->line);
      ++counts_.sent;
    }
    on_the_way_.remove(origin.token);
  }
}

void LetterSource::note(std::uint64_t& count, std::uint64_t number, const std::string& problem) {
  ++count;
  if (counts_.first_problem.empty()) counts_.first_problem = "line " + std::to_string(number) + ": " + problem;
}

Status LetterSource::keep_noted() {
  Status status = setup_.dry ? Status() : setup_.replayed.add(noted_);
  if (status.ok()) noted_.clear();
  return status;
}

void LetterSource::stop() noexcept {
  if (const Status status = keep_noted(); !status.ok())
    Log().error("What was replayed could not be noted: it would be sent again.", {{"error", status.message()}});
}

}  // namespace weir::host::cli
