#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <weir/log.hpp>

namespace weir::kafka {

/// Says that records are older than their topic keeps any: Kafka deletes by the record's own timestamp, so they may be gone before they are
/// read. Of each topic the first at once, then a sum at most once a minute. Used by one thread.
class RetentionNotice {
 public:
  using Milliseconds = std::chrono::milliseconds;

  explicit RetentionNotice(const Log& log) : log_(log) {}

  /// A record is about to be sent. `timestamp_ms`, `now_ms`: since 1970.
  void look_at(const char* topic, Milliseconds retention, std::int64_t timestamp_ms, std::int64_t now_ms) {
    if (now_ms - timestamp_ms > retention.count()) tell(topic, retention, now_ms - timestamp_ms, now_ms);
  }

 private:
  void tell(const char* topic, Milliseconds retention, std::int64_t age_ms, std::int64_t now_ms);

  struct Told {
    std::uint64_t not_yet = 0;  // records
    std::int64_t next_ms = 0;
  };

  const Log& log_;
  std::map<std::string, Told, std::less<>> topics_;
};

}  // namespace weir::kafka
