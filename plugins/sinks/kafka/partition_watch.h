#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "connection.h"

namespace weir::kafka {

/// Notices that a topic got more partitions: asks the cluster now and then, and nobody waits for the answer. Used by one thread.
class PartitionWatch {
 public:
  using Clock = std::chrono::steady_clock;

  /// The connection outlives it. `interval` 0: never asks.
  PartitionWatch(Connection& connection, Milliseconds interval);

  /// Asks when it is time to, and heeds an answer that came.
  void look(Clock::time_point now);
  /// Some topic has more partitions than records are spread over.
  [[nodiscard]] bool saw_growth() const { return !grown_.empty(); }
  /// Counts their partitions anew, waiting for the answer, and spreads over all from now on. For order per key nothing may be on its way
  /// to them. What could not be counted stays as it was until the next look.
  void take_over(const Log& log);

 private:
  void ask();
  void heed(rd_kafka_event_t* event);

  Connection& connection_;
  const Milliseconds interval_;
  Clock::time_point next_;
  EventQueue answers_;  // null: nothing was asked
  std::vector<std::string> grown_;
};

}  // namespace weir::kafka
