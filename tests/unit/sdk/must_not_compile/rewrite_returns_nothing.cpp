// expect: returns a weir::Edit
#include <weir/transform.hpp>

struct Wrong {
  static constexpr auto name = "wrong";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Must not compile.";
  explicit Wrong(const weir::Context& config) : path(config.compile("a", weir::Use::edit)) {}
  void apply(weir::Record& record) {
#ifdef RIGHT
    record.value().rewrite(path, [](std::string_view, const weir::Value&) { return weir::Edit::remove(); });
#else
    record.value().rewrite(path, [](std::string_view, const weir::Value&) {});
#endif
  }
  weir::Path path;
};

WEIR_PLUGIN(Wrong)
