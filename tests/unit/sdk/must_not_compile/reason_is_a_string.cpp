// expect: a reason is a constant such as
#include <weir/transform.hpp>

struct Wrong {
  static constexpr auto name = "wrong";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Must not compile.";

#ifdef RIGHT
  void apply(weir::Record&) { throw weir::DataError("a constant"); }
#else
  void apply(weir::Record& record) { throw weir::DataError("value " + std::string(*record.value_bytes())); }
#endif
};

WEIR_PLUGIN(Wrong)
