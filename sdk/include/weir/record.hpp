#pragma once
#include <chrono>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

#include "weir/doc.hpp"

namespace weir {

/// Wall clock in milliseconds, as records carry it.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// A record on its way into or through a sink: what Acks takes, in any thread. Fits a void* of a client library.
using Delivery = weir_record*;

struct Header {
  std::string_view name;
  std::optional<std::string_view> value;  // empty: null
};

/// The headers of a record, in order; names may repeat. Views live until the call into the plugin returns.
class Headers {
 public:
  class Iterator {
   public:
    using value_type = Header;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Iterator(const Headers* headers, std::uint32_t at) : headers_(headers), at_(at) {}
    Header operator*() const { return headers_->at(at_); }
    Iterator& operator++() { return ++at_, *this; }
    Iterator operator++(int) { return Iterator(headers_, at_++); }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.at_ == b.at_; }

   private:
    const Headers* headers_ = nullptr;
    std::uint32_t at_ = 0;
  };

  Headers(const weir_host* host, weir_record* record) : host_(host), record_(record) {}

  [[nodiscard]] std::uint32_t count() const { return host_->header_count(record_); }
  [[nodiscard]] Header at(std::uint32_t index) const;
  [[nodiscard]] Iterator begin() const { return {this, 0}; }
  [[nodiscard]] Iterator end() const { return {this, count()}; }
  /// The last header of that name.
  [[nodiscard]] std::optional<Header> find(std::string_view name) const;

  /// Copies both. Names beginning with "__weir." are the host's: UsageError.
  void add(std::string_view name, std::optional<std::string_view> value);
  /// Removes all of that name; returns how many there were.
  std::uint32_t remove(std::string_view name) { return host_->header_remove(record_, detail::to_c(name)); }

 private:
  const weir_host* host_;
  weir_record* record_;
};

/// One record during a call into the plugin (a held one until it is emitted, a sink's until its acknowledgement). A copy costs
/// two pointers. [task]
class Record {
 public:
  Record(const weir_host* host, weir_record* record) : host_(host), record_(record) {}

  /// The value or key as JSON, the same document for the whole chain. DataError: not JSON, empty, or null.
  [[nodiscard]] Doc value() const { return document(Slot::value); }
  [[nodiscard]] Doc key() const { return document(Slot::key); }
  [[nodiscard]] bool is_tombstone() const { return host_->bytes(record_, WEIR_VALUE).ptr == nullptr; }

  /// Their bytes as they stand, earlier edits included; empty: null. No JSON needed.
  [[nodiscard]] std::optional<std::string_view> value_bytes() const { return bytes(Slot::value); }
  [[nodiscard]] std::optional<std::string_view> key_bytes() const { return bytes(Slot::key); }
  /// Replaces them by a copy of these; empty: null.
  void set_value(std::optional<std::string_view> bytes) { set_bytes(Slot::value, bytes); }
  void set_key(std::optional<std::string_view> bytes) { set_bytes(Slot::key, bytes); }

  /// Empty until someone sets it: the sink then uses its own.
  [[nodiscard]] std::optional<std::string_view> topic() const { return detail::to_optional(host_->topic(record_)); }
  void set_topic(std::string_view topic);
  [[nodiscard]] std::optional<Timestamp> timestamp() const;
  void set_timestamp(std::optional<Timestamp> timestamp);
  /// Empty: the sink decides.
  [[nodiscard]] std::optional<std::int32_t> partition() const;
  void set_partition(std::optional<std::int32_t> partition);
  [[nodiscard]] Headers headers() const { return {host_, record_}; }

  /// Filters it: it goes no further and counts as filtered.
  void drop() { host_->drop(record_); }
  /// Bad, as if DataError had been thrown, without the cost of throwing. In a sink's put: refused, which is its acknowledgement.
  void fail(Reason reason, Path at = {}) { host_->fail(record_, WEIR_E_DATA, reason.c_str(), at.handle()); }
  /// The same for a DataError that was caught; the host's own reason and path are kept.
  void fail(const DataError& error) {
    const bool known = error.is_from_host();
    host_->fail(record_, WEIR_E_DATA, known ? nullptr : error.reason().c_str(), known ? nullptr : error.at().handle());
  }
  /// A copy that goes on after this record and its earlier clones; shares the bytes until one is written.
  [[nodiscard]] Record clone();
  /// Keeps it back until Emitter::emit takes it; only for classes with `static constexpr bool holds = true`.
  void hold() { detail::check(host_->hold(record_), "the record cannot be held"); }

  [[nodiscard]] Delivery handle() const { return record_; }

 private:
  [[nodiscard]] Doc document(Slot slot) const {
    weir_doc* doc = nullptr;
    const weir_status status = host_->doc(record_, static_cast<std::int32_t>(slot), &doc);
    detail::check(status, "not JSON");
    if (status != WEIR_OK) throw DataError("null where JSON is asked for");
    return {host_, doc};
  }
  [[nodiscard]] std::optional<std::string_view> bytes(Slot slot) const {
    return detail::to_optional(host_->bytes(record_, static_cast<std::int32_t>(slot)));
  }
  void set_bytes(Slot slot, std::optional<std::string_view> bytes) {
    detail::check(host_->set_bytes(record_, static_cast<std::int32_t>(slot), detail::to_c_or_null(bytes)),
                  "the bytes cannot be set");
  }

  const weir_host* host_;
  weir_record* record_;
};

inline Header Headers::at(std::uint32_t index) const {
  weir_str name;
  weir_str value;
  if (host_->header_at(record_, index, &name, &value) != WEIR_OK) throw UsageError("no header at this index");
  return {detail::to_view(name), detail::to_optional(value)};
}

inline std::optional<Header> Headers::find(std::string_view name) const {
  for (std::uint32_t i = count(); i > 0; --i) {
    const Header header = at(i - 1);
    if (header.name == name) return header;
  }
  return std::nullopt;
}

inline void Headers::add(std::string_view name, std::optional<std::string_view> value) {
  detail::check(host_->header_add(record_, detail::to_c(name), detail::to_c_or_null(value)),
                "the header cannot be added");
}

inline void Record::set_topic(std::string_view topic) {
  detail::check(host_->set_topic(record_, detail::to_c(topic)), "not a topic's name");
}

inline std::optional<Timestamp> Record::timestamp() const {
  const std::int64_t ms = host_->timestamp_ms(record_);
  if (ms < 0) return std::nullopt;
  return Timestamp(std::chrono::milliseconds(ms));
}

inline void Record::set_timestamp(std::optional<Timestamp> timestamp) {
  const std::int64_t ms = timestamp ? timestamp->time_since_epoch().count() : -1;
  detail::check(host_->set_timestamp_ms(record_, ms), "the timestamp cannot be set");
}

inline std::optional<std::int32_t> Record::partition() const {
  const std::int32_t partition = host_->partition(record_);
  if (partition < 0) return std::nullopt;
  return partition;
}

inline void Record::set_partition(std::optional<std::int32_t> partition) {
  detail::check(host_->set_partition(record_, partition.value_or(-1)), "the partition cannot be set");
}

inline Record Record::clone() {
  weir_record* copy = host_->clone(record_);
  if (copy == nullptr) throw FatalError("the host cannot clone this record");
  return {host_, copy};
}

}  // namespace weir
