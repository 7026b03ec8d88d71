#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace {

using weir::testing::Transform;
using namespace std::chrono_literals;

struct Settings {
  static constexpr auto name = "settings";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Reads every kind of field.";
  static constexpr auto fields = weir::fields(
      weir::optional("text", weir::Type::text, R"("t")", "A text."),
      weir::optional("integer", weir::Type::integer, "-7", "A number."),
      weir::optional("number", weir::Type::number, "2", "A number."),
      weir::optional("flag", weir::Type::flag, "true", "A flag."),
      weir::optional("duration", weir::Type::duration, R"("5m")", "A time."),
      weir::optional("size", weir::Type::size, R"("64KiB")", "A size."),
      weir::optional("file", weir::Type::file, R"("/a/../b")", "A file."),
      weir::optional("regex", weir::Type::regex, R"("^a")", "A pattern."),
      weir::optional("topic", weir::Type::topic, R"("events")", "A topic."),
      weir::optional("secret", weir::Type::secret, R"("hush")", "A secret."),
      weir::optional("json", weir::Type::json, R"({"a": [1, 2.50]})", "Anything."),
      weir::optional("when", weir::Type::condition, "A condition."),
      weir::optional("map", weir::map(weir::Type::integer), "{}", "Names and numbers."),
      weir::optional("paths", weir::list(weir::Type::path), "Several paths."),
      weir::optional("rules",
                     weir::list(weir::fields(
                         weir::required("field", weir::Type::path, "Where."),
                         weir::optional("in", weir::list(weir::fields(weir::required("n", weir::Type::integer, "N."))),
                                        "Deeper."))),
                     "Rules."));

  explicit Settings(const weir::Context& config) : context(config) {}
  void apply(weir::Record&) {}
  weir::Context context;
};

TEST_CASE("every type has its accessor, and defaults are filled in") {
  Transform<Settings> settings;
  const weir::Context& config = settings.object().context;
  CHECK(config.text("text") == "t");
  CHECK(config.integer("integer") == -7);
  CHECK(config.number("number") == 2.0);
  CHECK(config.flag("flag"));
  CHECK(config.duration("duration") == 5min);
  CHECK(config.size("size") == 65536);
  CHECK(config.file("file") == "/b");
  CHECK(config.regex("regex") == "^a");
  CHECK(config.topic("topic") == "events");
  CHECK(config.secret("secret") == "hush");
  CHECK(config.json("json") == R"({"a":[1,2.50]})");
}

TEST_CASE("a field without a value says so, and an empty list has no items") {
  Transform<Settings> settings;
  const weir::Context& config = settings.object().context;
  CHECK_FALSE(config.has("when"));
  CHECK(config.has("text"));
  CHECK(config.list("rules").empty());
  CHECK(config.map("map").empty());
  try {
    (void)config.condition("when");
    FAIL("no error");
  } catch (const weir::ConfigError& error) {
    CHECK(error.pointer() == "when");
  }
}

TEST_CASE("an accessor of the wrong type names the field") {
  Transform<Settings> settings;
  CHECK_THROWS_AS(settings.object().context.integer("text"), weir::ConfigError);
  CHECK_THROWS_AS(settings.object().context.text("integer"), weir::ConfigError);
  CHECK_THROWS_AS(settings.object().context.flag("text"), weir::ConfigError);
}

TEST_CASE("items of lists and maps are contexts of their own") {
  Transform<Settings> settings(
      R"({"map": {"a/b": 1, "c~d": 2}, "rules": [{"field": "x"}, {"field": "y", "in": [{"n": 5}, {"n": 6}]}]})");
  const weir::Context& config = settings.object().context;
  std::string seen;
  for (const auto& [name, value] : config.map("map")) seen += name + '=' + std::to_string(value.integer()) + ';';
  CHECK(seen == "a/b=1;c~d=2;");
  const auto rules = config.list("rules");
  REQUIRE(rules.size() == 2);
  CHECK(rules[1].pointer() == "rules/1");
  CHECK(rules[1].text("field") == "y");
  CHECK(rules[1].list("in").at(1).integer("n") == 6);
  CHECK_FALSE(rules[0].has("in"));
  CHECK(rules[1].error("field", "is too short").pointer() == "rules/1/field");
}

struct Paths {
  static constexpr auto name = "paths";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Compiles a list of paths.";
  static constexpr auto fields = weir::fields(weir::places(weir::list("paths", weir::Type::path, "Several.")),
                                              weir::optional("when", weir::Type::condition, "Only then."));
  explicit Paths(const weir::Context& config) {
    for (const weir::Context& path : config.list("paths")) paths.push_back(path.path());
    if (config.has("when")) when = config.condition("when");
    if (paths.empty()) throw config.error("paths", "needs at least one path");
  }
  void apply(weir::Record& record) {
    if (when && !when.matches(record)) return;
    for (const weir::Path path : paths) record.value().remove(path);
  }
  std::vector<weir::Path> paths;
  weir::Condition when;
};

TEST_CASE("a list of paths is compiled one by one") {
  Transform<Paths> paths(R"({"paths": ["a", "b[*].c"]})");
  CHECK(paths.run(R"({"a":1,"b":[{"c":2},{"d":3}]})").value() == R"({"b":[{},{"d":3}]})");
}

TEST_CASE("a condition decides for each record") {
  Transform<Paths> paths(
      R"({"paths": ["a"], "when": {"all": [{"field": "n", "greater": 1}, {"not": {"field": "s", "in": ["x", null]}}]}})");
  CHECK(paths.run(R"({"a":1,"n":2})").value() == R"({"n":2})");
  CHECK(paths.run(R"({"a":1,"n":1})").value() == R"({"a":1,"n":1})");
  CHECK(paths.run(R"({"a":1,"n":2,"s":"x"})").value() == R"({"a":1,"n":2,"s":"x"})");
  CHECK(paths.run("[").failed());
}

TEST_CASE("a constructor that refuses names the field") {
  try {
    Transform<Paths> paths(R"({"paths": []})");
    FAIL("no error");
  } catch (const weir::ConfigError& error) {
    CHECK(error.pointer() == "paths");
    CHECK(error.what() == std::string("needs at least one path"));
  }
}

}  // namespace
