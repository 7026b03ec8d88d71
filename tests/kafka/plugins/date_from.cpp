// Gives records the timestamp that a field has, for tests of what becomes of old ones.
#include <weir/transform.hpp>

class DateFrom {
 public:
  static constexpr auto name = "date_from";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Gives records the timestamp that a field has.";
  static constexpr auto fields =
      weir::fields(weir::required("field", weir::Type::path, "Milliseconds since 1970, a number."));

  explicit DateFrom(const weir::Context& config) : field_(config.path("field")) {}

  void apply(weir::Record& record) {
    if (const auto ms = record.value().integer(field_))
      record.set_timestamp(weir::Timestamp(std::chrono::milliseconds(*ms)));
  }

 private:
  weir::Path field_;
};

WEIR_PLUGIN(DateFrom)
