// expect: not a component: a transform has a public void apply
#include <weir/transform.hpp>

struct Wrong {
  static constexpr auto name = "wrong";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Must not compile.";
#ifdef RIGHT
  void apply(weir::Record&) {}
#else
  void aply(weir::Record&) {}
#endif
};

WEIR_PLUGIN(Wrong)
