// expect: constant expression|no matching|cannot convert|no viable
#include <weir/transform.hpp>

struct Wrong {
  static constexpr auto name = "wrong";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Must not compile.";
  void apply([[maybe_unused]] weir::Record& record) {
#ifdef RIGHT
    throw weir::DataError("a constant");
#else
    const std::string text = "value " + std::string(*record.value_bytes());
    throw weir::DataError(text.c_str());
#endif
  }
};

WEIR_PLUGIN(Wrong)
