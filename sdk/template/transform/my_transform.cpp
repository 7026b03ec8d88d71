#include <weir/transform.hpp>

#include <string>

/// Cuts the blanks around the text of one field.
class MyTransform {
 public:
  static constexpr auto name = "my_transform";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Cuts the blanks around the text of one field.";
  static constexpr auto fields = weir::fields(
      weir::required("field", weir::Type::path, "Path of the field, such as user.name."),
      weir::optional("drop_empty", weir::Type::flag, "false", "Whether records are dropped in which nothing is left."));

  explicit MyTransform(const weir::Context& config)
      : field_(config.path("field")), drop_empty_(config.flag("drop_empty")) {}

  void apply(weir::Record& record) {
    weir::Doc value = record.value();
    const auto text = value.text(field_);
    if (!text) return;  // missing, null, or no text: none of our business
    const std::string_view inner = without_blanks(*text);
    if (inner.empty() && drop_empty_) return record.drop();
    if (inner.size() != text->size()) value.set(field_, inner);
  }

 private:
  static std::string_view without_blanks(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
  }

  weir::Path field_;
  bool drop_empty_;
};

WEIR_PLUGIN(MyTransform)
