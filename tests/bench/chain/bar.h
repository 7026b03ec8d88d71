#pragma once
#include <simdjson.h>

#include <cstdint>
#include <span>
#include <string>

#include "events.h"

namespace weir::bench {

/// What the chain is held against: of every record one DOM parse, and of those that are kept their HMAC and one copy. One thread.
class Bar {
 public:
  struct Cost {
    std::int64_t parse_ns = 0;
    std::int64_t hmac_ns = 0;
    std::int64_t copy_ns = 0;
  };

  /// Adds the CPU time of these events. Throws std::runtime_error when one is not JSON.
  void run(std::span<const Events::Event> events);
  /// Since the last call.
  [[nodiscard]] Cost take() { return std::exchange(cost_, {}); }

 private:
  void parse(std::span<const Events::Event> events);
  void hash(std::span<const Events::Event> events);
  void copy(std::span<const Events::Event> events);

  simdjson::dom::parser parser_;
  Pseudonyms pseudonyms_{"oracle-pseudonym-secret"};
  std::string room_;
  Cost cost_;
};

}  // namespace weir::bench
