#pragma once
#include <librdkafka/rdkafka.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client.h"

namespace weir::kafka {

/// What a topic takes and how long it keeps it, as far as the cluster tells.
struct Limit {
  std::optional<std::size_t> bytes;  // max.message.bytes
  std::string why_not;               // without bytes
  /// retention.ms, where the topic deletes records so long after their own timestamp.
  std::optional<Milliseconds> retention;
};

/// Asks a cluster for the limits of topics. The client outlives the question. Used by one thread.
class LimitQuestion {
 public:
  /// Sends the question; after `patience` no answer is an answer too.
  LimitQuestion(const Client& client, std::vector<std::string> topics, Milliseconds patience);

  /// The answer about each topic, once; empty: not yet. Waits at most so long.
  [[nodiscard]] std::optional<std::map<std::string, Limit>> answer(Milliseconds timeout) const;

 private:
  std::vector<std::string> topics_;
  EventQueue answers_;
};

}  // namespace weir::kafka
