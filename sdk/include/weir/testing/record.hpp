#pragma once
#include <deque>
#include <memory>
#include <utility>

#include "weir/record.hpp"
#include "weir/testing/path.hpp"

namespace weir::testing {

/// A record as plain data, to put in and to look at: Message{.value = R"({"a":1})", .key = "u1"}.
struct Message {
  std::optional<std::string> value = {};  // empty: a tombstone
  std::optional<std::string> key = {};
  std::optional<std::string> topic = {};
  std::vector<std::pair<std::string, std::optional<std::string>>> headers = {};
  std::optional<Timestamp> timestamp = {};
  std::optional<std::int32_t> partition = {};
};

/// A record that failed: why, and the path it was about ("" when none).
struct Failure {
  std::string reason;
  std::string at;
};

/// A resume point of a source: what it gave, as it gave it.
struct Position {
  std::optional<std::string> partition;  // empty: never stored
  std::string offset;
  std::uint64_t token = 0;
};

namespace detail {

enum class Fate { live, dropped, failed, held, merged };

class FakeHost;
struct FakeRecord;

/// What a weir_doc* points to: a slot of a record.
struct FakeDoc {
  FakeRecord* record = nullptr;
  std::int32_t slot = 0;
};

using Text = std::shared_ptr<const std::string>;  // shared: a clone keeps its parent's bytes, views keep what they saw

/// What a weir_record* points to.
struct FakeRecord {
  FakeRecord() = default;
  FakeRecord(const FakeRecord& other)
      : slots{other.slots[0], other.slots[1]},
        topic(other.topic),
        partition(other.partition),
        timestamp_ms(other.timestamp_ms),
        headers(other.headers),
        position(other.position) {}
  FakeRecord& operator=(const FakeRecord&) = delete;

  FakeHost* host = nullptr;
  std::size_t number = 0;  // in the host's records
  Text slots[2];
  Text topic;
  std::int32_t partition = -1;
  std::int64_t timestamp_ms = -1;
  std::vector<std::pair<Text, Text>> headers;
  FakeDoc docs[2] = {{this, WEIR_KEY}, {this, WEIR_VALUE}};
  Fate fate = Fate::live;
  Failure failure;
  std::vector<FakeRecord*> clones;
  Position position;
};

inline Text text_of(const std::optional<std::string>& text) {
  return text ? std::make_shared<const std::string>(*text) : nullptr;
}
inline Text text_of(weir_str text) {
  return text.ptr == nullptr ? nullptr : std::make_shared<const std::string>(text.ptr, text.len);
}
inline weir_str to_c(const Text& text) { return text ? weir_str{text->data(), text->size()} : weir_str{nullptr, 0}; }
inline std::optional<std::string> copy_of(const Text& text) { return text ? std::optional(*text) : std::nullopt; }

inline void fill(FakeRecord& record, const Message& from) {
  record.slots[WEIR_KEY] = text_of(from.key);
  record.slots[WEIR_VALUE] = text_of(from.value);
  record.topic = text_of(from.topic);
  record.partition = from.partition.value_or(-1);
  record.timestamp_ms = from.timestamp ? from.timestamp->time_since_epoch().count() : -1;
  for (const auto& [name, value] : from.headers)
    record.headers.emplace_back(text_of(std::optional(name)), text_of(value));
}

inline Message message_of(const FakeRecord& record) {
  Message message;
  message.key = copy_of(record.slots[WEIR_KEY]);
  message.value = copy_of(record.slots[WEIR_VALUE]);
  message.topic = copy_of(record.topic);
  if (record.partition >= 0) message.partition = record.partition;
  if (record.timestamp_ms >= 0) message.timestamp = Timestamp(std::chrono::milliseconds(record.timestamp_ms));
  for (const auto& [name, value] : record.headers) message.headers.emplace_back(*name, copy_of(value));
  return message;
}

}  // namespace detail
}  // namespace weir::testing
