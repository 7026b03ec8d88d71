#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::host::cli::chaos {

/// A message of a topic, or a dead letter, as the oracle looks at it. Views are not kept.
struct Seen {
  std::string_view topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::optional<std::string_view> key;    // nothing: null
  std::optional<std::string_view> value;  // likewise
  // Which position of the source it came from; empty: that is not known.
  std::string_view source_partition;
  std::string_view source_offset;
};

/// Where a fault was seen, without what the message holds.
struct Example {
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;  // of what should have come: where it stood in the reference
  std::string source_offset;
};

struct Verdict {
  static constexpr std::size_t kExamples = 3;

  struct Fault {
    std::uint64_t count = 0;
    std::vector<Example> examples;  // the first ones
  };

  std::uint64_t expected = 0;
  std::uint64_t arrived = 0;
  std::uint64_t duplicated = 0;  // no fault: at least once
  std::uint64_t unordered = 0;   // expected messages whose order could not be judged: they have a key and no origin
  Fault lost;
  Fault reordered;
  Fault unexpected;
  Fault misplaced;  // in another partition than its key's

  [[nodiscard]] std::uint64_t faults() const {
    return lost.count + reordered.count + unexpected.count + misplaced.count;
  }
};

/// What is judged of messages that do not tell their origin.
enum class UnknownOrigin {
  one,   // they came of one source partition
  many,  // they may have come of several, between which there is no order
};

/// Compares what arrived with what should have. Order of calls:
///
///   expect*  seal  arrive*  verdict
///
/// - Two messages are the same when origin (as far as it is known), topic, key and value are: byte by byte, null apart from empty. Where the
///   same is expected n times, the n+1st is a duplicate.
/// - Order is judged among the messages of one key, topic and source partition, on first occurrences (design P4): one that comes behind
///   one that was expected later is reordered; A1 A2 A3 A2 A3 is not. Messages without a key have no order.
/// - A key's partition is the one in which it was expected.
///
/// Keeps about a hundred bytes a message: hashes, places and the origin's offset, no key and no value.
class Oracle {
 public:
  explicit Oracle(UnknownOrigin unknown = UnknownOrigin::many) : unknown_(unknown) {}

  void expect(const Seen& seen);
  void seal();
  void arrive(const Seen& seen);
  [[nodiscard]] Verdict verdict() const;

  [[nodiscard]] std::uint64_t expected() const { return expected_; }
  [[nodiscard]] std::uint64_t arrived() const { return arrived_; }
  /// Of what is expected, so much has come.
  [[nodiscard]] std::uint64_t found() const { return found_; }

 private:
  using Digest = std::array<char, 16>;
  struct DigestHash {
    std::size_t operator()(const Digest& digest) const;
  };
  static constexpr std::uint32_t kNoGroup = 0xffffffffu;

  /// What has one order.
  struct Group {
    std::uint32_t expected = 0;  // messages
    std::uint32_t latest = 0;    // rank of the newest first occurrence
    std::int32_t partition = 0;
    bool ordered = true;
  };
  struct Message {
    Digest digest;
    std::uint32_t group = kNoGroup;
    std::uint32_t rank = 0;  // in its group, from 1
    std::uint32_t expected = 1;
    std::uint32_t arrived = 0;
    std::uint32_t topic = 0;
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::uint64_t source_offset = 0;  // where it begins in source_offsets_
    std::uint32_t source_offset_size = 0;
  };

  [[nodiscard]] Digest digest_of(const Seen& seen);
  [[nodiscard]] Digest group_of(const Seen& seen);
  std::uint32_t topic_number(std::string_view topic);
  [[nodiscard]] Message* find(const Digest& digest);
  void judge_first(const Seen& seen, Message& message);
  [[nodiscard]] std::vector<const Message*> first_lost() const;
  [[nodiscard]] Example example_of(const Message& message) const;

  const UnknownOrigin unknown_;
  std::vector<Message> messages_;  // as they came; once sealed by digest, each once
  std::unordered_map<Digest, std::uint32_t, DigestHash> group_numbers_;
  std::vector<Group> groups_;
  std::vector<std::string> topics_;
  std::string source_offsets_;
  std::string text_;  // that is hashed; kept for its memory
  std::uint64_t expected_ = 0;
  std::uint64_t arrived_ = 0;
  std::uint64_t found_ = 0;
  std::uint64_t duplicated_ = 0;
  std::uint64_t unordered_ = 0;
  Verdict::Fault reordered_;
  Verdict::Fault unexpected_;
  Verdict::Fault misplaced_;
};

}  // namespace weir::host::cli::chaos
