// expect: a default is JSON: a text is written as
#include <weir/transform.hpp>

struct Wrong {
  static constexpr auto name = "wrong";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Must not compile.";
  void apply(weir::Record&) {}
#ifdef RIGHT
  static constexpr auto fields = weir::fields(weir::optional("field", weir::Type::path, R"("country")", "Where."));
#else
  static constexpr auto fields = weir::fields(weir::optional("field", weir::Type::path, "country", "Where."));
#endif
};

WEIR_PLUGIN(Wrong)
