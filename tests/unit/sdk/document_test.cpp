#include <catch2/catch.hpp>
#include <functional>
#include <weir/testing.hpp>

namespace {

using weir::testing::Message;
using weir::testing::Transform;

/// A transform whose work a test says: paths a, b, wild (**.x) and root are compiled.
struct Probe {
  static constexpr auto name = "probe";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Does what a test says.";
  static constexpr auto fields =
      weir::fields(weir::places(weir::optional("a", weir::Type::path, R"("a")", "First.")),
                   weir::optional("b", weir::Type::path, R"("b.c")", "Second."),
                   weir::places(weir::optional("wild", weir::Type::path, R"("**.x")", "Many.")));
  explicit Probe(const weir::Context& config)
      : a(config.path("a")),
        b(config.path("b")),
        wild(config.path("wild")),
        root(config.compile("", weir::Use::read)),
        self(config.within(wild, "")),
        inside(config.within(a, "n")) {}
  void apply(weir::Record& record) { work(record); }

  weir::Path a, b, wild, root, self, inside;
  std::function<void(weir::Record&)> work;
};

/// Runs `work` on a document, with the Doc of its value.
weir::testing::Outcome run(std::string_view json, const std::function<void(Probe&, weir::Doc)>& work,
                           std::string_view config = "{}") {
  Transform<Probe> probe(config);
  probe.object().work = [&](weir::Record& record) { work(probe.object(), record.value()); };
  return probe.run(json);
}

std::string after(std::string_view json, const std::function<void(Probe&, weir::Doc)>& work,
                  std::string_view config = "{}") {
  return run(json, work, config).value();
}

TEST_CASE("a value is read as what it is and as nothing else") {
  after(R"({"a":"t\u00e4xt","b":{"c":7}})", [](Probe& probe, weir::Doc doc) {
    CHECK(doc.text(probe.a) == "t\u00e4xt");
    CHECK_FALSE(doc.integer(probe.a));
    CHECK(doc.integer(probe.b) == 7);
    CHECK(doc.number(probe.b) == 7.0);
    CHECK_FALSE(doc.flag(probe.b));
    CHECK(doc.raw(probe.a) == R"("t\u00e4xt")");
    CHECK_FALSE(doc.has(probe.wild));
    CHECK(doc.get(probe.root)->is_object());
  });
  after(R"({"a":null,"b":{"c":true}})", [](Probe& probe, weir::Doc doc) {
    CHECK(doc.has(probe.a));
    CHECK(doc.get(probe.a)->is_null());
    CHECK(doc.flag(probe.b) == true);
  });
}

TEST_CASE("a whole number that does not fit fails the record") {
  const auto outcome =
      run(R"({"a":18446744073709551615})", [](Probe& probe, weir::Doc doc) { (void)doc.integer(probe.a); });
  CHECK(outcome.reason() == "a whole number is beyond 64 bits with sign");
  CHECK(outcome.failures.at(0).at == "a");
}

TEST_CASE("what the host finds wrong keeps the host's reason and path") {
  const auto outcome = run(R"({"a":1,"\u0061":2})", [](Probe& probe, weir::Doc doc) { (void)doc.text(probe.a); });
  CHECK(outcome.reason() == "a duplicate key");
  CHECK(outcome.failures.at(0).at == "a");
}

TEST_CASE("writes of every type leave the other bytes alone") {
  const auto set = [](auto value) { return [value](Probe& probe, weir::Doc doc) { doc.set(probe.a, value); }; };
  CHECK(after(R"({ "a" : 1 , "n":1.50})", set("q\"")) == R"({ "a" : "q\"" , "n":1.50})");
  CHECK(after(R"({"a":1})", set(std::string("s"))) == R"({"a":"s"})");
  CHECK(after(R"({"a":1})", set(-3)) == R"({"a":-3})");
  CHECK(after(R"({"a":1})", set(~0ULL)) == R"({"a":18446744073709551615})");
  CHECK(after(R"({"a":1})", set(true)) == R"({"a":true})");
  CHECK(after(R"({"a":1})", set(0.5)) == R"({"a":0.5})");
  CHECK(after(R"({"a":1})", set(nullptr)) == R"({"a":null})");
  CHECK(after(R"({"a":1})", [](Probe& probe, weir::Doc doc) { doc.set_json(probe.a, "[1, 2]"); }) == R"({"a":[1, 2]})");
  CHECK(after(R"({"n":1})", [](Probe& probe, weir::Doc doc) { doc.set(probe.b, 1); }) == R"({"n":1,"b":{"c":1}})");
}

TEST_CASE("removing and renaming say whether anything was there") {
  CHECK(after(R"({"a":1, "n":2})", [](Probe& probe, weir::Doc doc) {
          CHECK(doc.remove(probe.a));
          CHECK_FALSE(doc.remove(probe.a));
        }) == R"({"n":2})");
  CHECK(after(R"({"a":1,"b":{}})", [](Probe& probe, weir::Doc doc) {
          CHECK(doc.rename(probe.a, probe.b));
          CHECK_FALSE(doc.rename(probe.a, probe.b));
        }) == R"({"b":{"c":1}})");
}

TEST_CASE("a walk over members ends when it is told to") {
  after(R"({"a":{"p":1,"q":2,"r":3}})", [](Probe& probe, weir::Doc doc) {
    std::string names;
    CHECK(doc.each(probe.a, [&](std::string_view name, const weir::Value& value) {
      names += name;
      return value.integer() != 2;
    }));
    CHECK(names == "pq");
    CHECK_FALSE(doc.each(probe.b, [](std::string_view, const weir::Value&) {}));
  });
}

TEST_CASE("match goes to every place, parents first, in document order") {
  after(R"({"x":[{"x":"1"}],"y":{"x":2}})", [](Probe& probe, weir::Doc doc) {
    std::string seen;
    CHECK(doc.match(probe.wild, [&](std::string_view name, const weir::Value&) {
      seen += name;
      seen += '=';
      seen += *doc.raw(probe.self);
      seen += ';';
    }));
    CHECK(seen == R"(x=[{"x":"1"}];x="1";x=2;)");
  });
}

TEST_CASE("a relative path is resolved at the place of the walk") {
  after(R"({"a":[{"n":1},{"n":2}],"n":9})",
        [](Probe& probe, weir::Doc doc) {
          std::int64_t sum = 0;
          doc.match(probe.a, [&](std::string_view, const weir::Value&) { sum += *doc.integer(probe.inside); });
          CHECK(sum == 3);
        },
        R"({"a": "a[*]"})");
}

TEST_CASE("rewrite does what the callable decides and does not enter what it replaced") {
  const auto json = after(R"({"x":{"x":1},"k":[{"x":null},{"x":"s"},{"x":3}]})", [](Probe& probe, weir::Doc doc) {
    CHECK(doc.rewrite(probe.wild, [](std::string_view, const weir::Value& value) {
      if (value.is_object()) return weir::Edit::json("[]");
      if (value.is_null()) return weir::Edit::keep();
      return value.is_text() ? weir::Edit::text("t") : weir::Edit::remove();
    }));
  });
  CHECK(json == R"({"x":[],"k":[{"x":null},{"x":"t"},{}]})");
}

TEST_CASE("what a callback throws comes out of the walk as it was") {
  const auto outcome = run(R"({"x":1})", [](Probe& probe, weir::Doc doc) {
    doc.rewrite(probe.wild,
                [](std::string_view, const weir::Value&) -> weir::Edit { throw weir::DataError("no x, please"); });
  });
  CHECK(outcome.reason() == "no x, please");
}

TEST_CASE("views outlive the writes that follow") {
  after(R"({"a":"first"})", [](Probe& probe, weir::Doc doc) {
    const auto text = doc.text(probe.a);
    doc.set(probe.a, "second");
    CHECK(text == "first");
    CHECK(doc.text(probe.a) == "second");
  });
}

TEST_CASE("JSON inside a string is read and written through @json") {
  CHECK(after(R"({"a":"{\"k\":\"v\"}"})",
              [](Probe& probe, weir::Doc doc) {
                CHECK(doc.text(probe.a) == "v");
                doc.set(probe.a, "w");
              },
              R"({"a": "a@json.k"})") == R"({"a":"{\"k\":\"w\"}"})");
}

}  // namespace
