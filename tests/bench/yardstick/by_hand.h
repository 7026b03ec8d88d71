#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "pseudonyms.h"

namespace weir::bench {

/// The job of pipelines/bench.yaml, written for the events of tests/support/generate_events.py and no others: simdjson finds
/// the fields, everything else leaves as it came. One per thread.
class ByHand {
 public:
  /// Bytes behind a line that may be read: what simdjson asks for.
  static constexpr std::size_t kPadding = 64;

  ByHand();
  ~ByHand();

  /// The fields of one event: strings without their quotes, views into the line.
  struct Event {
    std::string_view type, environment, mpid, email, ip;
    std::string_view ssn;  // the whole member and the comma behind it
    [[nodiscard]] bool is_dropped() const { return type == "screen_view" && environment == "development"; }
  };

  /// `room`: bytes that may be read from the line's start on, at least kPadding more than the line. Fields that the
  /// line lacks stay empty.
  [[nodiscard]] Event find(std::string_view line, std::size_t room);
  /// The event as it should leave; valid until the next call. Wants every field found.
  [[nodiscard]] std::string_view redact(std::string_view line, const Event& event);

 private:
  struct Parser;  // On-Demand differs with the compiler's target, so only one file of a program may see it

  std::unique_ptr<Parser> parser_;
  Pseudonyms pseudonyms_{"oracle-pseudonym-secret"};
  std::string out_;
};

}  // namespace weir::bench
