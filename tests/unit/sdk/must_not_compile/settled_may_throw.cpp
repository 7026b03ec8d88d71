// expect: settled is noexcept
#include <weir/source.hpp>

struct Wrong {
  static constexpr auto name = "wrong";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Must not compile.";
  weir::Poll poll(weir::Output&) { return weir::Poll::end; }
#ifdef RIGHT
  void settled(std::span<const weir_settled>) noexcept {}
#else
  void settled(std::span<const weir_settled>) {}
#endif
};

WEIR_PLUGIN(Wrong)
