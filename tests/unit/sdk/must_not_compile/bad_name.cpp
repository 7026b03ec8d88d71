// expect: the name of a component is lower_snake_case
#include <weir/transform.hpp>

struct Wrong {
#ifdef RIGHT
  static constexpr auto name = "wrong";
#else
  static constexpr auto name = "Wrong";
#endif
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Must not compile.";
  void apply(weir::Record&) {}
};

WEIR_PLUGIN(Wrong)
