#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "spec/pipeline_spec.h"
#include "test_catalog.h"

namespace weir::host::spec {
namespace {

nlohmann::json schema() {
  const TestCatalog catalog;
  return nlohmann::json::parse(json_schema(catalog));
}

/// Every "$ref" of a schema.
void collect_references(const nlohmann::json& schema, std::vector<std::string>& out) {
  if (schema.is_object() && schema.contains("$ref")) out.push_back(schema["$ref"]);
  for (const auto& child : schema) {
    if (child.is_structured()) collect_references(child, out);
  }
}

}  // namespace

TEST_CASE("the schema names all components of each kind") {
  const auto definitions = schema()["$defs"];
  CHECK(definitions["source"]["properties"]["type"]["enum"] == nlohmann::json({"file", "generate", "stdin"}));
  CHECK(definitions["dead_letter"]["properties"]["type"]["enum"] == nlohmann::json({"file", "kafka"}));
  CHECK(definitions["transform"]["allOf"].size() == 6);
  CHECK(definitions["sink.kafka"]["required"] == nlohmann::json({"type", "topic", "config"}));
  CHECK(definitions["sink.kafka"]["additionalProperties"] == false);
}

TEST_CASE("the schema says what a field is for, its default and its choices") {
  const auto file = schema()["$defs"]["source.file"]["properties"];
  CHECK(file["path"]["description"] == "The path.");
  CHECK(file["start_at"]["default"] == "beginning");
  CHECK(file["start_at"]["anyOf"][0]["enum"] == nlohmann::json({"beginning", "end"}));
  CHECK(file["max_line_bytes"]["$ref"] == "#/$defs/size");
  CHECK(schema()["$defs"]["transform.redact"]["properties"]["rules"]["items"]["required"] ==
        nlohmann::json({"field", "action"}));
}

TEST_CASE("the schema has the host's own keys where a file may write them") {
  const auto definitions = schema()["$defs"];
  CHECK(definitions["transform.set"]["properties"].contains("predicate"));
  CHECK_FALSE(definitions["source.file"]["properties"].contains("predicate"));
  CHECK(definitions["dead_letter.kafka"]["properties"]["payload"]["anyOf"][0]["enum"] ==
        nlohmann::json({"plain", "encrypted"}));
  CHECK_FALSE(definitions["dead_letter.kafka"]["properties"].contains("key"));
  CHECK(definitions["sink.kafka"]["properties"].contains("key"));
  CHECK(schema()["patternProperties"].contains("^x-"));
  CHECK(schema()["required"] == nlohmann::json({"name", "source", "sink"}));
}

TEST_CASE("every reference of the schema leads somewhere") {
  const auto whole = schema();
  std::vector<std::string> references;
  collect_references(whole, references);
  CHECK(references.size() > 30);
  for (const std::string& reference : references) {
    INFO(reference);
    CHECK(whole.contains(nlohmann::json::json_pointer(reference.substr(1))));
  }
}

TEST_CASE("a component's page has its fields, nested ones too") {
  const TestCatalog catalog;
  const std::string page = component_page(*catalog.find(WEIR_TRANSFORM, "redact"));
  CHECK(page.starts_with("# redact (transform)\n\nDoes what redact does.\n\n- Protects people:"));
  CHECK(page.find("| `secret` | text, secret |  | The secret. |\n") != std::string::npos);
  CHECK(page.find("| `rules` | list of mappings | required | The rules. |\n") != std::string::npos);
  CHECK(page.find("| `rules[].action` | text: `remove` `replace` `mask` `truncate_ip` `hash` `pseudonymize` | required "
                  "| The action. |\n") != std::string::npos);
  CHECK(page.find("| `rules[].keep` | integer | `0` | The keep. |\n") != std::string::npos);
  CHECK(page.ends_with("\nIt does it well.\n\nVersion 1.0.0.\n"));
  CHECK(component_page(*catalog.find(WEIR_SINK, "discard")).find("It has no fields.\n") != std::string::npos);
  CHECK(component_page(*catalog.find(WEIR_TRANSFORM, "sampler")).find("| `lists` | map of lists of integers |") !=
        std::string::npos);
}

TEST_CASE("a bar in a summary does not break the table") {
  ComponentInfo info;
  info.kind = WEIR_SINK;
  info.name = "x";
  Field field;
  field.name = "a";
  field.summary = "one|two\nthree";
  info.fields = {field};
  CHECK(component_page(info).find("| `a` | text |  | one\\|two three |\n") != std::string::npos);
}

}  // namespace weir::host::spec
