#include <weir/sink.hpp>

namespace weir::plugins {

/// Takes every record and keeps none: for measurements and trials.
class Discard {
 public:
  static constexpr auto name = "discard";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Takes every record and keeps none: for measurements and trials.";
  static constexpr auto details = "Records count as delivered the moment they arrive.";

  explicit Discard(const Context& config) : acks_(config) {}

  std::size_t put(Batch& batch) {
    acks_.ok(batch.deliveries());
    return batch.size();
  }

 private:
  Acks acks_;
};

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::Discard)
