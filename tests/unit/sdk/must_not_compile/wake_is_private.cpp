// expect: write it as a public void wake
#include <weir/source.hpp>

struct Wrong {
  static constexpr auto name = "wrong";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Must not compile.";
  weir::Poll poll(weir::Output&) { return weir::Poll::end; }
#ifdef RIGHT
  void wake() noexcept {}
#else
 private:
  void wake() noexcept {}
#endif
};

WEIR_PLUGIN(Wrong)
