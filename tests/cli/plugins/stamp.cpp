// Two states of one plugin: built with WEIR_STAMP=1 and 2.
#include <weir/transform.hpp>

class Stamp {
 public:
  static constexpr auto name = "stamp";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Writes which build it is.";
  static constexpr auto fields = weir::fields(weir::required("field", weir::Type::path, "Where it is written."));

  explicit Stamp(const weir::Context& config) : field_(config.path("field")) {}

  void apply(weir::Record& record) { record.value().set(field_, WEIR_STAMP); }

 private:
  weir::Path field_;
};

WEIR_PLUGIN(Stamp)
