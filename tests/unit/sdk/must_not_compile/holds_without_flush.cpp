// expect: a transform that holds records has flush
#include <weir/transform.hpp>

struct Wrong {
  static constexpr auto name = "wrong";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Must not compile.";
  static constexpr bool holds = true;
  void apply(weir::Record&) {}
#ifdef RIGHT
  void flush(weir::Emitter&) {}
#endif
};

WEIR_PLUGIN(Wrong)
