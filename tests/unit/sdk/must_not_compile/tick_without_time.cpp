// expect: tick.weir::Emitter&, weir::Timestamp now
#include <weir/transform.hpp>

struct Wrong {
  static constexpr auto name = "wrong";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Must not compile.";
  void apply(weir::Record&) {}
#ifdef RIGHT
  std::optional<weir::Timestamp> tick(weir::Emitter&, weir::Timestamp) { return {}; }
#else
  std::optional<weir::Timestamp> tick(weir::Emitter&) { return {}; }
#endif
};

WEIR_PLUGIN(Wrong)
