#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "by_hand.h"

namespace weir::bench {

/// The lines of an event file in memory, each with what the bar needs to know of it beforehand. Made once.
class Events {
 public:
  struct Event {
    std::string_view line;
    std::string_view email;
    bool dropped;  // the filter of pipelines/bench.yaml drops it
  };

  /// Throws std::runtime_error.
  explicit Events(const std::string& path);
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;

  [[nodiscard]] const std::vector<Event>& all() const { return events_; }
  /// The event as it should leave, by another way than the chain's; valid until the next call.
  [[nodiscard]] std::string_view redacted(const Event& event);

 private:
  std::string bytes_;  // readable past its end
  std::vector<Event> events_;
  ByHand by_hand_;
};

}  // namespace weir::bench
