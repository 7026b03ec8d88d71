#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace {

using weir::testing::Setting;

struct Fields {
  static constexpr auto name = "fields";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Has fields.";
  static constexpr auto fields = weir::fields(
      weir::required("need", weir::Type::integer, "Must be there."),
      weir::optional("wait", weir::Type::duration, R"("250ms")", "A time."),
      weir::optional("size", weir::Type::size, "A size."),
      weir::optional("way", weir::choices("left", "right"), R"("left")", "A choice."),
      weir::optional("path", weir::Type::path, "A path."),
      weir::places(weir::optional("paths", weir::list(weir::Type::path), "Of many places.")),
      weir::optional("rules", weir::list(weir::fields(weir::optional("on", weir::Type::flag, "true", "A flag."))),
                     "Rules."));
  void apply(weir::Record&) {}
};

Setting settings(std::string_view json) { return weir::testing::settings_of(weir::detail::kComponent<Fields>, json); }

std::string refusal(std::string_view json) {
  try {
    settings(json);
    return "";
  } catch (const weir::ConfigError& error) {
    return error.pointer() + ' ' + error.what();
  }
}

TEST_CASE("units are resolved and defaults filled in, deep down too") {
  const Setting all = settings(R"({"need": 1, "size": "64MiB", "rules": [{}, {"on": false}]})");
  CHECK(all.at("wait")->scalar.as.i == 250);
  CHECK(all.at("size")->scalar.as.i == 64 << 20);
  CHECK(all.at("way")->text == "left");
  CHECK(all.at("rules/0/on")->scalar.as.i == 1);
  CHECK(all.at("rules/1/on")->scalar.as.i == 0);
  CHECK(all.at("path") == nullptr);
}

TEST_CASE("a wrong configuration is refused with the field's pointer") {
  CHECK(refusal("{}") == "need is missing");
  CHECK(refusal(R"({"need": "1"})") == "need is not a whole number");
  CHECK(refusal(R"({"need": 1, "other": 2})") == "other is not a field of this component");
  CHECK(refusal(R"({"need": 1, "wait": "5"})") == "wait needs a number with a unit, such as 250ms or 64MiB");
  CHECK(refusal(R"({"need": 1, "way": "up"})") == "way is none of its choices");
  CHECK(refusal(R"({"need": 1, "path": "a..b"})") == "path is not a path");
  CHECK(refusal(R"({"need": 1, "path": "a.*"})") == "path names several places where one is meant");
  CHECK(refusal(R"({"need": 1, "path": ""})") == "path is not a path");
  CHECK(refusal(R"({"need": 1, "path": "[\"*\"]", "paths": ["a.*", "**.x"]})").empty());
  CHECK(refusal(R"({"need": 1, "rules": {}})") == "rules is not a list");
  CHECK(refusal(R"({"need": 1, "rules": [{"off": 1}]})") == "rules/0/off is not a field of this component");
  CHECK(refusal("{") == " the test's configuration is not JSON");
}

TEST_CASE("conditions compare without guessing types") {
  const auto matches = [](std::string_view condition, std::string_view document) {
    return weir::testing::matches(
        weir::testing::detail::SettingsReader(condition).plain(weir::testing::parse(condition)), document);
  };
  CHECK(matches(R"({"field": "a", "equals": 1})", R"({"a":1.0})"));
  CHECK_FALSE(matches(R"({"field": "a", "equals": 1})", R"({"a":"1"})"));
  CHECK(matches(R"({"field": "a", "equals": null})", R"({"a":null})"));
  CHECK_FALSE(matches(R"({"field": "a", "not_equals": 1})", "{}"));
  CHECK(matches(R"({"not": {"field": "a", "equals": 1}})", "{}"));
  CHECK(matches(R"({"field": "a", "exists": true})", R"({"a":null})"));
  CHECK(matches(R"({"field": "a", "exists": false})", "{}"));
  CHECK(matches(R"({"field": "a[*]", "prefix": "x"})", R"({"a":["y","xz"]})"));
  CHECK(matches(R"({"field": "a", "matches": "^b.$"})", R"({"a":"bc"})"));
  CHECK(matches(R"({"any": [{"field": "a", "less": 1}, {"field": "a", "greater": 5}]})", R"({"a":6})"));
  CHECK_FALSE(matches(R"({"field": "a", "less": 1})", R"({"a":"0"})"));
}

}  // namespace
