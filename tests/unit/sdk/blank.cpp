// The class that design and README show, letter by letter: it is compiled, run and quoted.
// clang-format off
#include <weir/transform.hpp>

/// Replaces one field of the value by a fixed text.
class Blank {
 public:
  static constexpr auto name = "blank";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Replaces one field of the value by a fixed text.";
  static constexpr auto fields = weir::fields(
      weir::required("field", weir::Type::path, "Path of the field, such as user.email."),
      weir::optional("replacement", weir::Type::text, R"("***")", "Text put in its place."));

  explicit Blank(const weir::Context& config) : field_(config.path("field")), replacement_(config.text("replacement")) {}

  void apply(weir::Record& record) {
    weir::Doc value = record.value();              // broken JSON fails this record only; tombstones never come here
    if (value.text(field_)) value.set(field_, replacement_);
  }

 private:
  weir::Path field_;
  std::string replacement_;
};

WEIR_PLUGIN(Blank)
// clang-format on
