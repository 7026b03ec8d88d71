#include <string>
#include <string_view>
#include <weir/transform.hpp>

namespace weir::plugins {

/// Moves one field of the value to another name or place.
class Rename {
 public:
  static constexpr auto name = "rename";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Moves a field of the value to another name or place.";
  static constexpr auto details =
      R"(Within the same object only the name's text changes, and the field stays where it stands; elsewhere it is taken out and put last into its new object, and missing
objects on the way are created. Its value keeps its bytes. What stood at the target is replaced. A missing field is no error, null is moved like any value; a target that leads
through a number, text, boolean or null is a data error.)";
  static constexpr auto fields =
      weir::fields(weir::required("from", weir::Type::path, "Path of the field; it names one place, without *."),
                   weir::required("to", weir::Type::path, "Its new path, without *."));
  static constexpr bool stateless = true;

  explicit Rename(const Context& config) : from_(config.path("from")), to_(config.path("to")) {
    if (leads_into(config.text("from"), config.text("to")))
      throw config.error("to", "must not be the field itself or lie inside it");
  }

  void apply(Record& record) { record.value().rename(from_, to_); }

 private:
  /// Paths that are written in two ways are told apart by the host, record by record.
  static bool leads_into(std::string_view from, std::string_view to) {
    if (!to.starts_with(from)) return false;
    return to.size() == from.size() || to[from.size()] == '.' || to[from.size()] == '[' || to[from.size()] == '@';
  }

  Path from_;
  Path to_;
};

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::Rename)
