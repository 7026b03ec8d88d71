#include "pipeline/dead_letters.h"

#include <algorithm>
#include <array>

#include "record/slice.h"

namespace weir::host {
namespace {

constexpr std::size_t kBatch = 64;
constexpr std::string_view kHostPrefix = "__weir.";
constexpr std::chrono::minutes kAnnounceEvery{1};

std::string_view code_of(const Record& record) { return status_name(record.failure->status); }

/// Also of an origin whose position is never stored: its offset is for people.
std::string_view offset_of(const Origin& origin) { return std::as_const(*origin.block).offset_of(origin); }

}  // namespace

std::string describe_failure(const Record& record, const PartitionTable& partitions) {
  const Failure& failure = *record.failure;
  std::string text(code_of(record));
  text.append(" in ").append(failure.stage).append(": ").append(failure.reason);
  if (!failure.at.empty()) text.append(", at ").append(failure.at);
  if (record.origin->partition != Origin::kNoPartition)
    text.append(", partition ").append(partitions.name(record.origin->partition));
  if (const std::string_view offset = offset_of(*record.origin); !offset.empty())
    text.append(record.origin->partition == Origin::kNoPartition ? ", offset " : " offset ").append(offset);
  if (record.clone_number > 0) text.append(", clone ").append(std::to_string(record.clone_number));
  return text;
}

DeadLetters::DeadLetters(const PipelineSettings& settings, const PartitionTable& partitions)
    : settings_(settings), partitions_(partitions) {}

void DeadLetters::seal_with(std::unique_ptr<LetterSeal> seal, std::size_t limit) {
  seal_ = std::move(seal);
  sealed_limit_ = limit;
}

void DeadLetters::add(Record& record) {
  letters_.push_back({&record, record.topic, nullptr});
  restore(record);
}

void DeadLetters::restore(Record& record) const {
  const bool show = shows_payload();
  for (int slot : {WEIR_KEY, WEIR_VALUE}) record.set_slot(slot, show ? record.original[slot] : kNullBytes);
  record.headers = show ? record.original_headers : Headers{};
  const Bytes topic = show ? record.topic : kNullBytes;
  record.topic = kNullBytes;
  record.partition = -1;
  add_error_headers(record, topic);
}

void DeadLetters::add_error_headers(Record& record, Bytes topic) const {
  const Failure& failure = *record.failure;
  const Origin& origin = *record.origin;
  Arena& arena = record.slice->arena();
  const std::string clone = record.clone_number > 0 ? std::to_string(record.clone_number) : std::string();
  // What a header points to lives as long as the slice or longer, but for these two.
  const Bytes offset = arena.copy(offset_of(origin));
  const Bytes clone_text = arena.copy(clone);

  const std::array<Header, 10> all{
      {{bytes_of("__weir.errors.pipeline"), bytes_of(settings_.name)},
       {bytes_of("__weir.errors.transform"), bytes_of(failure.in_transform ? failure.stage : "")},
       {bytes_of("__weir.errors.code"), bytes_of(code_of(record))},
       {bytes_of("__weir.errors.message"), bytes_of(failure.reason)},
       {bytes_of("__weir.errors.field"), bytes_of(failure.at)},
       {bytes_of("__weir.errors.topic"), topic},
       {bytes_of("__weir.errors.partition"), bytes_of(partitions_.name(origin.partition))},
       {bytes_of("__weir.errors.offset"), offset},
       {bytes_of("__weir.errors.clone"), clone_text},
       {bytes_of("__weir.errors.payload"), bytes_of(seal_ != nullptr ? "encrypted" : "")}}};
  auto* headers = arena.make_array<Header>(record.headers.count + all.size());
  const auto kept = record.headers.all();  // a dead letter that was read again has older ones of the host's
  Header* end = std::copy_if(kept.begin(), kept.end(), headers,
                             [](const Header& header) { return !view(header.name).starts_with(kHostPrefix); });
  end = std::copy_if(all.begin(), all.end(), end, [](const Header& header) { return header.value.len > 0; });
  record.headers = {headers, static_cast<std::uint32_t>(end - headers)};
}

void DeadLetters::done(const Record& record) {
  const auto found =
      std::find_if(letters_.begin(), letters_.end(), [&](const Letter& letter) { return letter.record == &record; });
  if (found == letters_.end()) return;
  if (static_cast<std::size_t>(found - letters_.begin()) < next_) --next_;
  if (found->sealed != nullptr) {
    found->record->set_slot(WEIR_VALUE, kNullBytes);
    sealed_bytes_ -= found->sealed->size();
  }
  letters_.erase(found);
}

DeadLetter DeadLetters::letter(const Record& record) const {
  const Origin& origin = *record.origin;
  return {&record, partitions_.name(origin.partition), offset_of(origin)};
}

std::span<Record* const> DeadLetters::offer() {
  offered_.clear();
  for (std::size_t at = next_; at < letters_.size() && offered_.size() < kBatch; ++at) {
    if (seal_ != nullptr && !seal(letters_[at])) break;
    offered_.push_back(letters_[at].record);
  }
  return offered_;
}

/// False: there are too many sealed values already.
bool DeadLetters::seal(Letter& letter) {
  if (letter.sealed != nullptr) return true;
  if (sealed_bytes_ > 0 && sealed_bytes_ >= sealed_limit_) return false;
  letter.sealed = std::make_unique<const std::string>(seal_->seal(*letter.record, letter.topic));
  sealed_bytes_ += letter.sealed->size();
  letter.record->set_slot(WEIR_VALUE, bytes_of(*letter.sealed));
  return true;
}

void DropNotice::dropped(const std::string& why) {
  ++unannounced_;
  latest_ = why;
  if (std::chrono::steady_clock::now() >= next_) announce();
}

void DropNotice::at_end() {
  if (unannounced_ > 0) announce();
}

void DropNotice::announce() {
  log_.warn("Bad records were dropped: errors are tolerated and there is no dead letter sink.",
            {{"records", unannounced_}, {"latest", latest_}});
  unannounced_ = 0;
  next_ = std::chrono::steady_clock::now() + kAnnounceEvery;
}

}  // namespace weir::host
