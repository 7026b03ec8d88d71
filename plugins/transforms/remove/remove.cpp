#include <vector>
#include <weir/transform.hpp>

namespace weir::plugins {

/// Removes fields of the value.
class Remove {
 public:
  static constexpr auto name = "remove";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Removes fields of the value.";
  static constexpr auto details =
      R"(Each path is removed wherever it names something, elements of lists too; what is missing is no error. To protect people use
`redact`, which lets nothing pass that it could not protect.)";
  static constexpr auto fields = weir::fields(weir::places(
      weir::list("fields", weir::Type::path, "Paths, such as user_attributes.ssn or events[*].data.location.")));
  static constexpr bool stateless = true;

  explicit Remove(const Context& config) {
    for (const Context& field : config.list("fields")) fields_.push_back(field.path());
    if (fields_.empty()) throw config.error("fields", "needs at least one path");
  }

  void apply(Record& record) {
    Doc doc = record.value();
    for (const Path field : fields_) doc.remove(field);
  }

 private:
  std::vector<Path> fields_;
};

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::Remove)
