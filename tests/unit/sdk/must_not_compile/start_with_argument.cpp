// expect: write it as a public void start
#include <weir/transform.hpp>

struct Wrong {
  static constexpr auto name = "wrong";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Must not compile.";
  void apply(weir::Record&) {}
#ifdef RIGHT
  void start() {}
#else
  void start(int) {}
#endif
};

WEIR_PLUGIN(Wrong)
