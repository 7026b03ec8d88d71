// expect: places are those of a path
#include <weir/transform.hpp>

struct Wrong {
  static constexpr auto name = "wrong";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Must not compile.";
#ifdef RIGHT
  static constexpr auto fields = weir::fields(weir::places(weir::required("field", weir::Type::path, "Where.")));
#else
  static constexpr auto fields = weir::fields(weir::places(weir::required("field", weir::Type::text, "Where.")));
#endif
  void apply(weir::Record&) {}
};

WEIR_PLUGIN(Wrong)
