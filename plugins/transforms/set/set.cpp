#include <weir/transform.hpp>

namespace weir::plugins {

/// Writes one field of the value.
class Set {
 public:
  static constexpr auto name = "set";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Writes one field of the value.";
  static constexpr auto details =
      R"(Replaces what is there; a new member goes last in its object, and missing objects on the way are created. Through a number, text, boolean or null, and where the
root is no object, it is a data error; past the end of a list nothing is written. With * in the path it is written below each place that the path up to the last * names, with ** only where it is already. The value is written compactly, its numbers as they stand in the YAML.)";
  static constexpr auto fields = weir::fields(
      weir::places(weir::required("field", weir::Type::path, "Path of the field, such as source_info.channel.")),
      weir::required("value", weir::Type::json, "Any JSON value."));
  static constexpr bool stateless = true;

  explicit Set(const Context& config) : field_(config.path("field")), value_(config.json("value")) {}

  void apply(Record& record) { record.value().set_json(field_, value_); }

 private:
  Path field_;
  std::string value_;
};

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::Set)
