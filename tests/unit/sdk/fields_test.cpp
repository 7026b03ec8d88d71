#include <catch2/catch.hpp>
#include <span>
#include <string_view>
#include <weir/transform.hpp>

namespace {

struct Everything {
  static constexpr auto name = "everything";
  static constexpr auto version = "1.2.3";
  static constexpr auto summary = "All kinds of fields.";
  static constexpr auto details = "Markdown.";
  static constexpr auto fields = weir::fields(
      weir::list("rules",
                 weir::fields(
                     weir::required("field", weir::Type::path, "What."),
                     weir::optional("action", weir::choices("mask", "remove"), R"("mask")", "How."),
                     weir::optional("parts", weir::list(weir::fields(weir::required("size", weir::Type::size, "Big."))),
                                    "Deeper.")),
                 "In order."),
      weir::optional("config", weir::secret(weir::map(weir::Type::text)), "{}", "Free names."),
      weir::optional("keep", weir::Type::integer, "4", "Stay."),
      weir::deprecated(weir::optional("old", weir::choices("x"), "Use keep.")),
      weir::optional("colours", weir::list(weir::choices("red", "blue")), "Several."),
      weir::required("key", weir::Type::secret, "Hidden."),
      weir::output(weir::required("file", weir::Type::file, "Written.")),
      weir::places(weir::required("paths", weir::list(weir::Type::path), "Wide.")));
  void apply(weir::Record&) {}
};

struct Bare {
  static constexpr auto name = "bare";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "No fields.";
  void apply(weir::Record&) {}
};

constexpr const weir_component& kComponent = weir::detail::kComponent<Everything>;
const std::span<const weir_field> fields(kComponent.fields, kComponent.field_count);

std::string_view names_of(const weir_field& field, std::size_t i) { return field.fields[i].name; }

TEST_CASE("a component carries what its class declares") {
  CHECK(kComponent.struct_size == sizeof(weir_component));
  CHECK(kComponent.kind == WEIR_TRANSFORM);
  CHECK(kComponent.name == std::string_view("everything"));
  CHECK(kComponent.version == std::string_view("1.2.3"));
  CHECK(kComponent.details == std::string_view("Markdown."));
  CHECK(kComponent.field_size == sizeof(weir_field));
  REQUIRE(kComponent.field_count == 8);
}

TEST_CASE("fields keep their order, types and flags") {
  CHECK(fields[0].name == std::string_view("rules"));
  CHECK(fields[0].type == WEIR_OBJECT);
  CHECK(fields[0].flags == (WEIR_LIST | WEIR_REQUIRED));
  CHECK(fields[1].type == WEIR_STRING);
  CHECK(fields[1].flags == (WEIR_MAP | WEIR_SECRET));
  CHECK(fields[1].default_json == std::string_view("{}"));
  CHECK(fields[2].type == WEIR_INT);
  CHECK(fields[2].default_json == std::string_view("4"));
  CHECK(fields[2].flags == 0);
  CHECK(fields[3].flags == WEIR_DEPRECATED);
  CHECK(fields[3].default_json == nullptr);
  CHECK(fields[4].flags == WEIR_LIST);
  CHECK(fields[5].flags == (WEIR_REQUIRED | WEIR_SECRET));
  CHECK(fields[6].flags == (WEIR_REQUIRED | WEIR_OUTPUT));
  CHECK(fields[7].flags == (WEIR_REQUIRED | WEIR_LIST | WEIR_PLACES));
}

TEST_CASE("nested fields point at their own rows") {
  REQUIRE(fields[0].field_count == 3);
  CHECK(names_of(fields[0], 0) == "field");
  CHECK(names_of(fields[0], 1) == "action");
  CHECK(names_of(fields[0], 2) == "parts");
  const weir_field& parts = fields[0].fields[2];
  REQUIRE(parts.field_count == 1);
  CHECK(parts.fields[0].name == std::string_view("size"));
  CHECK(parts.fields[0].type == WEIR_SIZE);
  CHECK(parts.fields[0].fields == nullptr);
}

TEST_CASE("choices end with a null and stay with their field") {
  const char* const* actions = fields[0].fields[1].choices;
  CHECK(actions[0] == std::string_view("mask"));
  CHECK(actions[1] == std::string_view("remove"));
  CHECK(actions[2] == nullptr);
  CHECK(fields[3].choices[0] == std::string_view("x"));
  CHECK(fields[3].choices[1] == nullptr);
  CHECK(fields[4].choices[1] == std::string_view("blue"));
  CHECK(fields[2].choices == nullptr);
}

TEST_CASE("a class without fields has none") {
  CHECK(weir::detail::kComponent<Bare>.field_count == 0);
  CHECK(weir::detail::kComponent<Bare>.fields == nullptr);
  CHECK(weir::detail::kComponent<Bare>.details == std::string_view());
}

TEST_CASE("the table has what the class has") {
  const weir_transform& table = weir::detail::Kind<Bare>::table;
  CHECK(table.struct_size == sizeof(weir_transform));
  CHECK(table.capabilities == (WEIR_READS_DOC | WEIR_MUTATES));
  CHECK(table.tick == nullptr);
  CHECK(table.flush == nullptr);
  CHECK(table.apply != nullptr);
}

}  // namespace
