#include "cli/chaos/oracle.h"

#include <algorithm>
#include <cstring>
#include <tuple>

#include "crypto/fingerprint.h"

namespace weir::host::cli::chaos {
namespace {

/// Its length before it, so that two texts are equal only when all their parts are.
void append(std::string& text, std::optional<std::string_view> part) {
  text += part ? std::to_string(part->size()) : "-";
  text += ':';
  if (part) text += *part;
}

void note(Verdict::Fault& fault, const Seen& seen) {
  if (++fault.count > Verdict::kExamples) return;
  fault.examples.push_back({std::string(seen.topic), seen.partition, seen.offset, std::string(seen.source_offset)});
}

}  // namespace

std::size_t Oracle::DigestHash::operator()(const Digest& digest) const {
  std::size_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

Oracle::Digest Oracle::digest_of(const Seen& seen) {
  text_.clear();
  append(text_, seen.source_partition);
  append(text_, seen.source_offset);
  append(text_, seen.topic);
  append(text_, seen.key);
  append(text_, seen.value);
  return crypto::digest(text_);
}

Oracle::Digest Oracle::group_of(const Seen& seen) {
  text_.clear();
  append(text_, seen.source_partition);
  append(text_, seen.topic);
  append(text_, seen.key);
  return crypto::digest(text_);
}

std::uint32_t Oracle::topic_number(std::string_view topic) {
  const auto found = std::find(topics_.begin(), topics_.end(), topic);
  if (found != topics_.end()) return static_cast<std::uint32_t>(found - topics_.begin());
  topics_.emplace_back(topic);
  return static_cast<std::uint32_t>(topics_.size() - 1);
}

void Oracle::expect(const Seen& seen) {
  Message message;
  message.digest = digest_of(seen);
  message.topic = topic_number(seen.topic);
  message.partition = seen.partition;
  message.offset = seen.offset;
  message.source_offset = source_offsets_.size();
  message.source_offset_size = static_cast<std::uint32_t>(seen.source_offset.size());
  source_offsets_ += seen.source_offset;
  if (seen.key) {
    const auto [group, made] = group_numbers_.emplace(group_of(seen), static_cast<std::uint32_t>(groups_.size()));
    const bool ordered = unknown_ == UnknownOrigin::one || !seen.source_partition.empty();
    if (made) groups_.push_back({0, 0, seen.partition, ordered});
    if (!ordered) ++unordered_;
    message.group = group->second;
    message.rank = ++groups_[message.group].expected;
  }
  messages_.push_back(message);
  ++expected_;
}

void Oracle::seal() {
  group_numbers_ = {};
  std::stable_sort(messages_.begin(), messages_.end(),
                   [](const Message& a, const Message& b) { return a.digest < b.digest; });
  std::size_t kept = 0;  // equal ones become the first of them
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    if (kept > 0 && messages_[kept - 1].digest == messages_[i].digest)
      ++messages_[kept - 1].expected;
    else
      messages_[kept++] = messages_[i];
  }
  messages_.resize(kept);
}

Oracle::Message* Oracle::find(const Digest& digest) {
  const auto found =
      std::lower_bound(messages_.begin(), messages_.end(), digest,
                       [](const Message& message, const Digest& wanted) { return message.digest < wanted; });
  return found != messages_.end() && found->digest == digest ? &*found : nullptr;
}

void Oracle::arrive(const Seen& seen) {
  ++arrived_;
  Message* const message = find(digest_of(seen));
  if (message == nullptr) return note(unexpected_, seen);
  if (message->arrived++ >= message->expected)
    ++duplicated_;
  else
    ++found_;
  if (message->group == kNoGroup) return;
  if (seen.partition != groups_[message->group].partition) note(misplaced_, seen);
  if (message->arrived == 1 && groups_[message->group].ordered) judge_first(seen, *message);
}

/// By the one that came before it, as tests/support/oracle.py does.
void Oracle::judge_first(const Seen& seen, Message& message) {
  Group& group = groups_[message.group];
  if (message.rank < group.latest) note(reordered_, seen);
  group.latest = message.rank;
}

Example Oracle::example_of(const Message& message) const {
  return {topics_[message.topic], message.partition, message.offset,
          source_offsets_.substr(message.source_offset, message.source_offset_size)};
}

Verdict Oracle::verdict() const {
  Verdict verdict;
  verdict.expected = expected_;
  verdict.arrived = arrived_;
  verdict.duplicated = duplicated_;
  verdict.unordered = unordered_;
  verdict.reordered = reordered_;
  verdict.unexpected = unexpected_;
  verdict.misplaced = misplaced_;
  verdict.lost.count = expected_ - found_;
  for (const Message* message : first_lost()) verdict.lost.examples.push_back(example_of(*message));
  return verdict;
}

/// As they stand in the reference.
std::vector<const Oracle::Message*> Oracle::first_lost() const {
  std::vector<const Message*> lost;
  for (const Message& message : messages_) {
    if (message.arrived < message.expected) lost.push_back(&message);
  }
  const auto shown = lost.begin() + static_cast<std::ptrdiff_t>(std::min(lost.size(), Verdict::kExamples));
  std::partial_sort(lost.begin(), shown, lost.end(), [](const Message* a, const Message* b) {
    return std::tie(a->topic, a->partition, a->offset) < std::tie(b->topic, b->partition, b->offset);
  });
  lost.erase(shown, lost.end());
  return lost;
}

}  // namespace weir::host::cli::chaos
