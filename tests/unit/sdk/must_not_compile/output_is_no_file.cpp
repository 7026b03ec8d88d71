// expect: an output is a file
#include <weir/transform.hpp>

struct Wrong {
  static constexpr auto name = "wrong";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Must not compile.";
#ifdef RIGHT
  static constexpr auto fields = weir::fields(weir::output(weir::required("file", weir::Type::file, "Written.")));
#else
  static constexpr auto fields = weir::fields(weir::output(weir::required("file", weir::Type::text, "Written.")));
#endif
  void apply(weir::Record&) {}
};

WEIR_PLUGIN(Wrong)
