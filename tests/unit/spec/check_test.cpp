#include <catch2/catch.hpp>

#include "nodes.h"
#include "spec/check.h"
#include "test_catalog.h"

namespace weir::host::spec {
namespace {

/// Checks `{NAME: node}` against the sampler's table, which has a field of every type.
struct Sample {
  TestCatalog catalog;
  Diagnostics diagnostics;
  Value all;

  Sample(const std::string& name, const Node& node) {
    Checker checker("f.yaml", "/etc/weir", diagnostics);
    all = checker.object(catalog.find(WEIR_TRANSFORM, "sampler")->fields, map({{name, node}}), "transform 'sampler'");
  }
  [[nodiscard]] const Value& value() const { return all.members.at(0).value; }
  [[nodiscard]] bool refused() const { return diagnostics.has_errors(); }
};

std::string complaint(const std::string& name, const Node& node) { return Sample(name, node).diagnostics.text(); }

}  // namespace

TEST_CASE("every type takes its own values") {
  CHECK(Sample("flag", plain("true")).value().boolean);
  CHECK(Sample("integer", plain("-5")).value().integer == -5);
  CHECK(Sample("natural", plain("18446744073709551615")).value().uinteger == UINT64_MAX);
  CHECK(Sample("number", plain("1.5")).value().number == 1.5);
  CHECK(Sample("number", plain("2")).value().integer == 2);
  CHECK(Sample("text", plain("a b")).value().text == "a b");
  CHECK(Sample("text", text("")).value().type == WEIR_STRING);
  CHECK(Sample("duration", plain("5m")).value().integer == 300'000);
  CHECK(Sample("duration", text("5m")).value().type == WEIR_INT);
  CHECK(Sample("size", plain("64MiB")).value().text == "67108864");
  CHECK(Sample("regex", plain("^a.*")).value().text == "^a.*");
  CHECK(Sample("path", plain("a.b")).value().text == "a.b");
  CHECK(Sample("topic", plain("orders")).value().text == "orders");
  CHECK(Sample("any", list({plain("1")})).value().json() == "[1]");
  CHECK(Sample("any", plain("null")).value().type == WEIR_NULL);
  CHECK(Sample("texts", list({plain("a"), text("1")})).value().json() == R"(["a","1"])");
  CHECK(Sample("lists", map({{"a", list({plain("1")})}, {"b", list({})}})).value().json() == R"({"a":[1],"b":[]})");
}

TEST_CASE("a path names one place unless its field takes several") {
  CHECK(complaint("path", plain("a[*].b")) ==
        "f.yaml:7:3: error: 'path': 'a[*].b' is not a path of one place, such as user.email; name one place, such as "
        "items[0].sku; a member whose name holds * is written as [\"*\"]\n");
  CHECK(Sample("path", text("**.a")).refused());
  CHECK(Sample("path", text(R"(a["*"])")).value().text == R"(a["*"])");
  CHECK(Sample("places", plain("a[*].b")).value().text == "a[*].b");
  CHECK(Sample("places", plain("a..b")).refused());
  CHECK(Sample("condition", map({{"field", plain("a.*")}, {"exists", plain("true")}})).value().condition);
  CHECK(complaint("places", plain("$.user")).find("a member of that name is [\"$\"]") != std::string::npos);
}

TEST_CASE("every type refuses the values of others") {
  CHECK(Sample("flag", text("true")).refused());
  CHECK(Sample("flag", plain("1")).refused());
  CHECK(Sample("integer", plain("1.0")).refused());
  CHECK(Sample("integer", plain("9223372036854775808")).refused());
  CHECK(Sample("integer", text("1")).refused());
  CHECK(Sample("natural", plain("-1")).refused());
  CHECK(Sample("number", plain("1e400")).refused());
  CHECK(Sample("number", plain("x")).refused());
  CHECK(Sample("text", plain("1")).refused());
  CHECK(Sample("text", plain("null")).refused());
  CHECK(Sample("text", list({})).refused());
  CHECK(Sample("duration", plain("5")).refused());
  CHECK(Sample("size", plain("5")).refused());
  CHECK(Sample("file", text("")).refused());
  CHECK(Sample("regex", plain("(")).refused());
  CHECK(Sample("path", text("")).refused());
  CHECK(Sample("path", plain("a..b")).refused());
  CHECK(Sample("condition", plain("a")).refused());
  CHECK(Sample("topic", plain("a b")).refused());
  CHECK(Sample("texts", plain("a")).refused());
  CHECK(Sample("texts", list({plain("a"), plain("1")})).refused());
  CHECK(Sample("properties", list({})).refused());
  CHECK(Sample("lists", map({{"a", plain("1")}})).refused());
  CHECK(Sample("partitions", plain("12")).refused());
}

TEST_CASE("files become absolute and normal") {
  CHECK(Sample("file", plain("in.ndjson")).value().text == "/etc/weir/in.ndjson");
  CHECK(Sample("file", plain("../x/./in.ndjson")).value().text == "/etc/x/in.ndjson");
  CHECK(Sample("file", plain("/var//in.ndjson")).value().text == "/var/in.ndjson");
  CHECK(Sample("file", plain("in/*.gz")).value().text == "/etc/weir/in/*.gz");
}

TEST_CASE("in a map of texts plain numbers and booleans count as their text") {
  const Sample sample(
      "properties",
      map({{"linger.ms", plain("5")}, {"acks", plain("all")}, {"idempotent", plain("true")}, {"n", plain("1.50")}}));
  CHECK_FALSE(sample.refused());
  CHECK(sample.value().json() == R"({"linger.ms":"5","acks":"all","idempotent":"true","n":"1.50"})");
  CHECK(Sample("properties", map({{"a", plain("")}})).refused());
  CHECK(Sample("properties", map({{"a", map({})}})).refused());
}

TEST_CASE("defaults are filled in and converted, also within objects that are given") {
  TestCatalog catalog;
  Diagnostics diagnostics;
  Checker checker("f", "/d", diagnostics);
  const Value file =
      checker.object(catalog.find(WEIR_SOURCE, "file")->fields, map({{"path", plain("x")}}), "source 'file'");
  CHECK(file.json() == R"({"path":"/d/x","follow":false,"start_at":"beginning","max_line_bytes":1048576})");
  CHECK(file.at("follow")->mark.line == 0);
  CHECK(file.at("path")->mark.line == 7);
  CHECK(Sample("partitions", map({{"count", plain("12")}})).value().json() == R"({"count":12,"factor":3})");
}

TEST_CASE("an object that is not given stays away, and so does a default of null") {
  const Sample sample("flag", plain("true"));
  CHECK(sample.all.members.size() == 1);
}

TEST_CASE("a default that its own field refuses is an error and not a crash") {
  for (const char* broken : {"{", "", "5", "\"5 m\"", "[1"}) {
    Field field;
    field.name = "wait";
    field.type = WEIR_DURATION;
    field.default_json = broken;
    Diagnostics diagnostics;
    static_cast<void>(Checker("f", "/d", diagnostics).object({field}, map({}), "sink 'x'"));
    INFO(broken);
    CHECK(diagnostics.has_errors());
  }
}

TEST_CASE("a deprecated field is a warning") {
  const Sample sample("old", plain("true"));
  CHECK_FALSE(sample.refused());
  CHECK(sample.diagnostics.text() == "f.yaml:7:1: warning: 'old' is deprecated; the old\n");
}

TEST_CASE("messages name the key, what was expected and what was found") {
  CHECK(complaint("flag", plain("yes")) == "f.yaml:7:3: error: 'flag': expected true or false, found 'yes'\n");
  CHECK(complaint("text", plain("5")) ==
        "f.yaml:7:3: error: 'text': expected text, found the number '5'; put it into quotes to make it a text\n");
  CHECK(complaint("duration", plain("")) ==
        "f.yaml:7:3: error: 'duration': expected a duration with its unit, such as 250ms, 10s, 5m, 1h or 30d, found "
        "nothing; "
        "a whole number and one of ms, s, m, h or d, without a blank\n");
}

TEST_CASE("a number in quotes is told to be a text") {
  CHECK(complaint("integer", text("2")) ==
        "f.yaml:7:3: error: 'integer': expected a whole number, found the text '2'; remove the quotes\n");
  CHECK(complaint("flag", text("true")).find("found the text 'true'; remove the quotes") != std::string::npos);
  CHECK(complaint("integer", text("two")) == "f.yaml:7:3: error: 'integer': expected a whole number, found 'two'\n");
  CHECK(complaint("pin", text("2")).find("found (secret)\n") != std::string::npos);
}

TEST_CASE("a key that is written flat is told to be nested") {
  const auto hint = [](const std::string& key) { return complaint(key, plain("1")); };
  CHECK(hint("partitions.count").find("keys are nested: write partitions: {count: …}\n") != std::string::npos);
  CHECK(hint("properties.bootstrap.servers").find("write properties: {bootstrap.servers: …}\n") != std::string::npos);
  CHECK(hint("partitions.cuont").find("nested") == std::string::npos);
  CHECK(hint("partitions.").find("nested") == std::string::npos);
  CHECK(hint("nobody.count").find("nested") == std::string::npos);
}

TEST_CASE("nothing that is secret is ever shown") {
  const std::string canary = "canary-3f9a";
  for (const char* name : {"flag", "integer", "natural", "number", "duration", "size", "regex", "topic", "condition",
                           "texts", "properties", "partitions"}) {
    const std::string said = complaint(name, secret(text(canary + "(")));
    INFO(said);
    CHECK(said.find(canary) == std::string::npos);
    CHECK((said.empty() || said.find("(secret)") != std::string::npos));
  }
  CHECK(complaint("path", secret(text(canary + "..x"))).find("'path': (secret) is not a path") != std::string::npos);
  CHECK(complaint("path", secret(text(canary + "..x"))).find(canary) == std::string::npos);
  CHECK(complaint("pin", text(canary)).find("expected a whole number, found (secret)") != std::string::npos);
  CHECK(complaint("pin", plain("1.5")).find("1.5") == std::string::npos);
  CHECK(complaint("secrets", map({{"a", list({text(canary)})}, {"b", plain("")}})).find(canary) == std::string::npos);
  const Node regex = map({{"field", plain("a")}, {"matches", secret(text("(" + canary))}});
  CHECK(complaint("condition", regex).find("(secret) is not a regular expression") != std::string::npos);
  CHECK(complaint("condition", regex).find(canary) == std::string::npos);
}

TEST_CASE("values know whether they are secret") {
  CHECK(Sample("pin", plain("5")).value().secret);
  CHECK(Sample("text", secret(text("x"))).value().secret);
  CHECK_FALSE(Sample("text", text("x")).value().secret);
  CHECK(Sample("secrets", map({{"a", plain("x")}})).value().at("a")->secret);
  CHECK(Sample("any", map({{"a", secret(text("x"))}})).value().at("a")->secret);
  CHECK_FALSE(Sample("any", map({{"a", secret(text("x"))}})).value().secret);
  CHECK(Sample("vault", map({{"a", list({plain("x")})}})).value().at("a/0")->secret);
}

TEST_CASE("what has no value without an environment is not judged") {
  for (const char* name : {"flag", "integer", "duration", "path", "condition", "texts", "partitions", "any"}) {
    const Sample sample(name, unset(plain("")));
    CHECK_FALSE(sample.refused());
    CHECK(sample.value().unset);
  }
  const Sample deep("condition", map({{"field", plain("a")}, {"equals", unset(plain(""))}}));
  CHECK_FALSE(deep.refused());
  CHECK(deep.value().at("equals")->unset);
}

}  // namespace weir::host::spec
