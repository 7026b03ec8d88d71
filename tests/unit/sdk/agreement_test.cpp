// The test host is only worth something if it answers as the real one: the same class does the same work on the same documents in both.
#include <catch2/catch.hpp>
#include <weir/testing.hpp>

#include "../abi/bench.h"

namespace {

std::string answer;  // of the latest operation

/// Does one operation of Doc and says what came of it.
template <bool kPrivacy>
struct Operator {
  static constexpr auto name = "operator";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Does one operation.";
  static constexpr auto fields = weir::fields(weir::required("op", weir::Type::text, "What."),
                                              weir::places(weir::required("a", weir::Type::path, "Where.")),
                                              weir::places(weir::required("b", weir::Type::path, "Where to.")));
  static constexpr bool privacy = kPrivacy;
  explicit Operator(const weir::Context& config)
      : op(config.text("op")), a(config.path("a")), b(config.path("b")), self(config.within(a, "")) {}

  template <typename T>
  static std::string shown(const std::optional<T>& value) {
    if (!value) return "none";
    if constexpr (std::is_convertible_v<T, std::string_view>) {
      return "'" + std::string(*value) + "'";
    } else {
      return std::to_string(*value);
    }
  }

  void apply(weir::Record& record) {
    weir::Doc doc = record.value();
    const auto walk = [&](std::string_view member, const weir::Value& value) {
      answer +=
          std::string(member) + ':' + std::to_string(value.handle().type) + ',' + std::to_string(value.count()) + ';';
    };
    if (op == "text") answer = shown(doc.text(a));
    if (op == "integer") answer = shown(doc.integer(a));
    if (op == "number") answer = shown(doc.number(a));
    if (op == "flag") answer = shown(doc.flag(a));
    if (op == "raw") answer = shown(doc.raw(a));
    if (op == "each") answer += doc.each(a, walk) ? "done" : "none";
    if (op == "match") answer += doc.match(a, walk) ? "done" : "none";
    if (op == "match_raw") doc.match(a, [&](std::string_view, const weir::Value&) { answer += shown(doc.raw(self)); });
    if (op == "set") doc.set(a, "n\"ew");
    if (op == "set_number") doc.set(a, -5);
    if (op == "set_json") doc.set_json(a, R"({"new": [1]})");
    if (op == "remove") answer = doc.remove(a) ? "done" : "none";
    if (op == "rename") answer = doc.rename(a, b) ? "done" : "none";
    if (op == "rewrite_text")
      answer =
          doc.rewrite(a, [](auto, const auto& v) { return v.is_null() ? weir::Edit::keep() : weir::Edit::text("t"); })
              ? "done"
              : "none";
    if (op == "rewrite_remove")
      answer = doc.rewrite(a, [](auto, const auto&) { return weir::Edit::remove(); }) ? "done" : "none";
    if (op == "set_twice") {
      doc.set(a, 1);
      doc.set(b, 2);
      answer = shown(doc.raw(a)) + shown(doc.raw(b));
    }
  }

  std::string op;
  weir::Path a, b, self;
};

constexpr const char* kOperations[] = {
    "text", "integer",    "number",   "flag",   "raw",    "each",         "match",          "match_raw",
    "set",  "set_number", "set_json", "remove", "rename", "rewrite_text", "rewrite_remove", "set_twice"};

constexpr const char* kPaths[] = {"a",    "a.b",    "b",          "a[0]",  "a[9]", "[\"x y\"]", "a.*",      "a[*].n",
                                  "**.n", "s@json", "s@json.k.l", "n.m.o", "x.y",  "b.c",       "s@json[0]"};

constexpr const char* kDocuments[] = {
    R"({})",
    R"({ })",
    R"({"a":1})",
    R"({ "a" : 1 , "b" : 2 })",
    R"({"a":{"b":"t\u00e4","n":1.50},"b":{"c":null}})",
    R"({"a":[{"n":1},{"n":[{"n":2}]}, 3],"n":{"n":true}})",
    R"({"s":"{\"k\":{\"l\":\"\\u0041\"}}","a":"x"})",
    R"({"s":"no JSON","x y":18446744073709551615})",
    R"({"a":null,"b":""})",
    R"({"a":[],"b":[1]})",
    R"({"a":123456789012345678901234567890,"b":-0})",
    R"({"a":"\ud83d","b":1})",
    R"({"a":1,"\u0061":2})",
    R"({"s":"[1]","a":["{\"n\":1}"]})",
    R"({"s":7,"a":"7"})",
    R"({"s":null})",
    R"({"a":{"b":1,"b":2}})",
    R"([{"a":1}])",
    R"("text")",
    R"(null)",
    R"({"a":1,})",
    "",
    " {\"a\": {\"b\": 1 , \"c\": 2 } , \"n\": 3}\n",
};

struct Result {
  bool failed = false;
  std::string answer;
  std::string value;
  friend bool operator==(const Result&, const Result&) = default;
};

std::ostream& operator<<(std::ostream& out, const Result& result) {
  return out << (result.failed ? "failed" : "answer " + result.answer + " value " + result.value);
}

template <typename T>
Result in_test_host(const std::string& op, const std::string& a, const std::string& b, const std::string& document) {
  using weir::testing::quote;
  weir::testing::Transform<T> transform("{\"op\":" + quote(op) + ",\"a\":" + quote(a) + ",\"b\":" + quote(b) + "}");
  answer.clear();
  const auto outcome = transform.run(document);
  if (outcome.failed()) return {.failed = true, .answer = {}, .value = {}};
  return {false, answer, outcome.value()};
}

template <typename T>
Result in_host(const std::string& op, const std::string& a, const std::string& b, const std::string& document) {
  using namespace weir::host::abi;
  Bench bench;
  bench.fields = object_value({{"op", text_value(op)}, {"a", text_value(a)}, {"b", text_value(b)}});
  const auto made = make_transform(weir::detail::kComponent<T>, bench.instance_home());
  REQUIRE(made.instance != nullptr);
  weir::host::Record& record = bench.add(document);
  answer.clear();
  REQUIRE(bench.apply(*made.instance).ok());
  if (record.fate == weir::host::Fate::failed) return {.failed = true, .answer = {}, .value = {}};
  return {false, answer, bench.value_of(record)};
}

/// The second path only counts for some operations.
std::vector<std::pair<const char*, const char*>> targets_and_documents(std::string_view op) {
  const bool two = op == "rename" || op == "set_twice";
  std::vector<std::pair<const char*, const char*>> all;
  for (const char* target : {"b.c", "a", "n", "s@json.k", "a.b.z"}) {
    for (const char* document : kDocuments) all.emplace_back(target, document);
    if (!two) break;
  }
  return all;
}

TEMPLATE_TEST_CASE("the test host answers as the real one", "", Operator<false>, Operator<true>) {
  std::size_t failures = 0;
  std::size_t changes = 0;
  for (const char* op : kOperations) {
    for (const char* path : kPaths) {
      for (const auto& [target, document] : targets_and_documents(op)) {
        INFO(op << " at " << path << " and " << target << " in " << document);
        const Result real = in_host<TestType>(op, path, target, document);
        CHECK(in_test_host<TestType>(op, path, target, document) == real);
        failures += real.failed ? 1 : 0;
        changes += !real.failed && real.value != document ? 1 : 0;
      }
    }
  }
  CHECK(failures > 100);  // of some 6,700: the table has its bad documents, and its edits
  CHECK(changes > 500);
}

}  // namespace
