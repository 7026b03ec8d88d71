#include <catch2/catch.hpp>

#include "contract/sample.h"
#include "spec/check.h"
#include "spec/json_node.h"

namespace weir::host::contract {
namespace {

spec::Field field(std::string name, std::uint32_t type, std::uint32_t flags = WEIR_REQUIRED) {
  spec::Field out;
  out.name = std::move(name);
  out.type = type;
  out.flags = flags;
  return out;
}

}  // namespace

TEST_CASE("a made up configuration passes the table it was made from") {
  spec::ComponentInfo info;
  info.name = "x";
  for (const std::uint32_t type :
       {WEIR_BOOL, WEIR_INT, WEIR_UINT, WEIR_DOUBLE, WEIR_STRING, WEIR_DURATION, WEIR_SIZE, WEIR_FILE, WEIR_REGEX,
        WEIR_PATH, WEIR_CONDITION, WEIR_TOPIC, WEIR_ANY, WEIR_ARRAY}) {
    info.fields.push_back(field("plain" + std::to_string(type), type));
    info.fields.push_back(field("list" + std::to_string(type), type, WEIR_REQUIRED | WEIR_LIST));
    info.fields.push_back(field("map" + std::to_string(type), type, WEIR_REQUIRED | WEIR_MAP));
  }
  spec::Field group = field("rules", WEIR_OBJECT, WEIR_REQUIRED | WEIR_LIST);
  group.fields = {field("field", WEIR_PATH), field("with", WEIR_STRING, 0)};
  spec::Field choice = field("action", WEIR_STRING);
  choice.choices = {"mask", "remove"};
  group.fields.push_back(choice);
  info.fields.push_back(group);
  spec::Field optional = field("optional", WEIR_STRING, 0);
  info.fields.push_back(optional);
  spec::Field preset = field("preset", WEIR_INT);
  preset.default_json = "7";
  info.fields.push_back(preset);

  std::vector<spec::Field> table = info.fields;
  table.push_back(field("type", WEIR_STRING));
  spec::Diagnostics diagnostics;
  const spec::Value value =
      spec::Checker("f", "/folder", diagnostics).object(table, sample_configuration(info), "the sample");
  CHECK(diagnostics.text() == "");
  CHECK(value.at("rules/0/action")->text == "mask");
  CHECK(value.at("rules/0/with") == nullptr);
  CHECK(value.at("optional") == nullptr);
  CHECK(value.at("preset")->integer == 7);
  CHECK(value.at("plain" + std::to_string(WEIR_FILE))->text == "/folder/sample.ndjson");
}

TEST_CASE("a sample record holds something at every plain path of the configuration") {
  spec::Value configuration;
  configuration.type = WEIR_OBJECT;
  for (const char* path : {"user.email", "user.name", "user.email.deeper", "a[0].b", "*", "two words", ".x", "x..y"}) {
    spec::Value text;
    text.type = WEIR_STRING;
    text.text = path;
    configuration.members.emplace_back("p" + std::to_string(configuration.members.size()), text);
  }
  CHECK(sample_value(configuration, 0) ==
        R"({"sample_number":0,"field":"203.0.113.0","user":{"email":"203.0.113.0","name":"203.0.113.0"}})");
  CHECK(sample_value({}, 1) == R"({"sample_number":1,"field":1.5})");
  for (std::size_t number : {0u, 1u, 1000u}) CHECK(spec::parse_json(sample_value(configuration, number)));
}

}  // namespace weir::host::contract
