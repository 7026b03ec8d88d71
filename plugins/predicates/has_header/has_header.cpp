#include <string>
#include <weir/predicate.hpp>

namespace weir::plugins {

/// Chooses records that carry a header.
class HasHeader {
 public:
  static constexpr auto name = "has_header";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Chooses records that carry a header of a name.";
  static constexpr auto details =
      R"(The name is compared byte for byte, capitals count; what the header holds, null included, does not matter. Null values (tombstones) are judged like the
others; the value is never looked at.)";
  static constexpr auto fields =
      weir::fields(weir::required("name", weir::Type::text, "The header's name, such as trace."));
  static constexpr bool tombstones = true;
  static constexpr bool reads_document = false;

  explicit HasHeader(const Context& config) : name_(config.text("name")) {}

  bool test(const Record& record) const { return record.headers().find(name_).has_value(); }

 private:
  std::string name_;
};

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::HasHeader)
