#include <catch2/catch.hpp>
#include <cstring>

#include "../../differential/generator.h"
#include "fixture.h"
#include "json/index.h"

namespace weir::host::json::test {
namespace {

/// "" when the document opens, else why not.
std::string reason(std::string_view json) {
  OneRecord one(json);
  one.path("a.b");
  return one.open() == WEIR_OK ? "" : one.engine().reason();
}

std::string nested(int levels) {
  return std::string(static_cast<std::size_t>(levels), '[') + std::string(static_cast<std::size_t>(levels), ']');
}

/// Larger than what is indexed at once, and full of what the generator knows.
std::string large_document(std::uint64_t seed) {
  std::string json = "{\"list\":[";
  Seeded choices(seed);
  while (json.size() < StructuralIndex::kWholeText + 4096) {
    const std::string one = generate(choices).document;
    if (reference::parse(one) && reference::parse("[[" + one + "]]")) json += one + ",";
  }
  return json + "0],\"last\":\"found\"}";
}

}  // namespace

TEST_CASE("a record is checked whole when its document is first asked for") {
  for (const std::string_view json :
       {"{}", "[]", "0", "-0.0e+00", "null", R"("")", " \t\r\n{\"a\" : [ true , false ] } \n",
        R"({"a":1e999,"b":"\ud800"})", "123456789012345678901234567890123456789012345678901234567890", "\"\x7f\""}) {
    INFO(json);
    CHECK(reason(json).empty());
  }
  for (const std::string_view json : {"{",
                                      "}",
                                      "[1,]",
                                      R"({"a":1,})",
                                      R"({"a"})",
                                      R"({"a":})",
                                      R"({a:1})",
                                      "[1 2]",
                                      "[,1]",
                                      "01",
                                      "1.",
                                      ".5",
                                      "+1",
                                      "-",
                                      "1e",
                                      "1e+",
                                      "0x1",
                                      "nul",
                                      "nulll",
                                      "True",
                                      "NaN",
                                      "Infinity",
                                      "{} {}",
                                      "{}x",
                                      "\"a",
                                      "\"\\x\"",
                                      "\"\\u12g4\"",
                                      "\"\\u12\"",
                                      "\"\\",
                                      "'a'",
                                      "[1]]",
                                      "[1}",
                                      "{\"a\":1]",
                                      "{1:2}",
                                      "\xEF\xBB\xBF{}",
                                      "\"\xFF\"",
                                      "\"\xC0\xAF\"",
                                      "\"\xED\xA0\x80\"",
                                      "\"\n\"",
                                      "\"a\"\"b\"",
                                      "1\"a\"",
                                      "[1\x0C]",
                                      "/**/1",
                                      "[\"a\"x]",
                                      "{\"a\":1:2}"}) {
    INFO(json);
    CHECK_FALSE(reason(json).empty());
  }
  CHECK_FALSE(reason(std::string_view("[1]\0", 4)).empty());
  CHECK_FALSE(reason(std::string_view("\0", 1)).empty());
}

TEST_CASE("the reason says what is wrong, without any of the record") {
  CHECK(reason("") == "empty");
  CHECK(reason("  \n") == "empty");
  CHECK(reason("\"\xFF\"") == "not UTF-8");
  CHECK(reason("{} {}") == "something after the value");
  CHECK(reason(nested(65)) == "nested deeper than 64");
  CHECK(reason(R"({"a":tru})") == "expected a value");
}

TEST_CASE("64 containers may nest, 65 may not") {
  CHECK(reason(nested(64)).empty());
  CHECK_FALSE(reason(nested(65)).empty());
}

TEST_CASE("what follows a record in memory does not count") {
  OneRecord one("{\"a\":12}");
  const PlanPath& at = one.path("a");
  char* const bytes = one.slice().arena().allocate(32, 1);
  std::memcpy(bytes, "{\"a\":12345}   ]}]}\"x\"", 21);
  one.record().set_slot(WEIR_VALUE, {bytes, 7});
  CHECK(one.open() == WEIR_E_DATA);
  one.record().set_slot(WEIR_VALUE, {bytes, 11});
  weir_value value{};
  REQUIRE(one.document().get(at, value) == WEIR_OK);
  CHECK(value.as.i == 12345);
}

TEST_CASE("a null slot has no document, and a bad one stays bad") {
  OneRecord one("{");
  CHECK(one.open() == WEIR_E_DATA);
  CHECK(one.open() == WEIR_E_DATA);
  one.engine().settle_bytes(one.record(), WEIR_VALUE);
  CHECK(view(one.record().value()) == "{");
  one.record().set_slot(WEIR_VALUE, kNullBytes);
  CHECK(one.open() == WEIR_NOT_FOUND);
  one.engine().settle_bytes(one.record(), WEIR_VALUE);
  CHECK(is_null(one.record().value()));
}

TEST_CASE("texts that are indexed piece by piece are judged and found alike") {
  int refused = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    std::string json = large_document(seed);
    if (seed % 3 == 0) json.resize(json.size() - seed);
    if (seed % 4 == 0) json[json.size() / 2] ^= 0x40;
    OneRecord one(json);
    const PlanPath& at = one.path("last");
    const bool is_json = reference::parse(json).has_value();
    REQUIRE((one.open() == WEIR_OK) == is_json);
    refused += is_json ? 0 : 1;
    if (!is_json) continue;
    weir_str text{};
    REQUIRE(one.document().raw(at, text) == WEIR_OK);
    CHECK(std::string_view(text.ptr, text.len) == "\"found\"");
    REQUIRE(one.document().remove(at) == WEIR_OK);
    const bool same = one.bytes() == json.substr(0, json.size() - std::string_view(R"(,"last":"found"})").size()) + "}";
    CHECK(same);
  }
  CHECK(refused > 1);
  CHECK(refused < 6);
}

TEST_CASE("a sibling makes documents by the same plan, and what it made goes on with the engine that adopts it") {
  OneRecord one(R"({"a":"x\u0041","b":1})");
  const PlanPath& path = one.path("a");
  Document* document = nullptr;
  {
    const auto sibling = one.engine().sibling();
    CHECK(&sibling->plan(WEIR_VALUE) == &one.engine().plan(WEIR_VALUE));
    CHECK(&sibling->plan(WEIR_KEY) == &one.engine().plan(WEIR_KEY));
    REQUIRE(sibling->open(one.record(), WEIR_VALUE, document) == WEIR_OK);
    REQUIRE(document->set(path, text_value("y")) == WEIR_OK);
    one.engine().adopt(one.slice());
  }  // its scratch memory is gone
  weir_value value;
  CHECK(document->get(path, value) == WEIR_OK);
  CHECK(document->set_json(path, {R"({"c":[1,2]})", 11}) == WEIR_OK);  // parsed with scratch memory
  CHECK(document->get(path, value) == WEIR_OK);
  CHECK(one.bytes() == R"({"a":{"c":[1,2]},"b":1})");
}

TEST_CASE("paths that name more places than memory allows are a data error") {
  std::string json = "[";
  for (int i = 0; i < 600000; ++i) json += "1,";
  json = "{\"a\":" + json + "1]}";
  OneRecord one(json);
  one.path("b");
  CHECK(one.open() == WEIR_OK);
  OneRecord many(json);
  many.path("a[*]");
  CHECK(many.open() == WEIR_E_DATA);
  CHECK(std::string(many.engine().reason()) == "paths name too many places");
}

}  // namespace weir::host::json::test
