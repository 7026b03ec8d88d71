#pragma once
#include <librdkafka/rdkafka.h>

#include <optional>
#include <string>

#include "client.h"

namespace weir::kafka {

/// A topic's max.message.bytes, as far as the cluster tells.
struct Limit {
  std::optional<std::size_t> bytes;
  std::string why_not;  // without bytes
};

/// Asks a cluster for the max.message.bytes of a topic. The client outlives the question. Used by one thread.
class LimitQuestion {
 public:
  /// Sends the question; after `patience` no answer is an answer too.
  LimitQuestion(const Client& client, const std::string& topic, Milliseconds patience);

  /// The answer, once; empty: not yet. Waits at most so long.
  [[nodiscard]] std::optional<Limit> answer(Milliseconds timeout);

 private:
  EventQueue answers_;
};

}  // namespace weir::kafka
