// Documents that are like others before them: whatever the engine remembers, it finds what an engine finds that remembers nothing.
#include <catch2/catch.hpp>

#include "fixture.h"
#include "json/scan.h"
#include "json/skip.h"

namespace weir::host::json::test {
namespace {

using Paths = std::vector<std::string>;

/// With `**` paths go on into every container.
const Paths kNamed{"a", "b.c", "b.d", "l[1]", "l[*].x", "s@json", "s@json.a", "s@json.a.b", "[\"\\u00e9\"]", "n"};
const Paths kAnyDepth{"a", "b.*", "b.d", "l[1]", "**.x", "s@json.a.b"};

/// An engine with such paths.
class Reader {
 public:
  explicit Reader(const Paths& paths) : one_("") {
    for (const std::string& path : paths) paths_.push_back(&one_.path(path, WEIR_READ));
    paths_.push_back(&one_.path("b.c@json", WEIR_READ | kStrict));  // where null is told from other scalars
  }

  /// Everything that can be seen of a document.
  std::string sight_of(std::string_view text) {
    one_.start_anew(text);
    if (one_.open() != WEIR_OK) return one_.engine().reason();
    std::string sight;
    for (const PlanPath* path : paths_) sight += sight_at(*path);
    for (const PlanPath* path : paths_) {
      if (one_.document().remove(*path) != WEIR_OK) continue;
      sight += one_.bytes() + "\n";
    }
    return sight;
  }

 private:
  static weir_status look(void* sight, weir_str name, const weir_value* value) {
    auto& text = *static_cast<std::string*>(sight);
    text.append(name.ptr == nullptr ? "" : name.ptr, name.len) += ':';
    if (value->type == WEIR_STRING) text.append(value->as.s.ptr, value->as.s.len);
    text += std::to_string(value->type) + ',';
    return WEIR_OK;
  }

  std::string sight_at(const PlanPath& path) {
    Document& document = one_.document();
    weir_str json{};
    std::string sight = std::to_string(document.raw(path, json)) + ' ';
    sight.append(json.ptr == nullptr ? "" : json.ptr, json.len);
    std::string seen;
    sight += std::to_string(document.match(path, look, &seen));
    return sight + ' ' + seen + '\n';
  }

  OneRecord one_;
  std::vector<const PlanPath*> paths_;
};

/// A memory beside a scanner that fills it.
class Remembering {
 public:
  Remembering() {
    REQUIRE(plan_.add("b.c", WEIR_READ).ok());
    REQUIRE(plan_.add("a", WEIR_READ).ok());
  }

  /// Whether the memory knew the shape of the text. Texts it does not know are learnt.
  bool knows(std::string_view text) {
    const std::string_view kept = view(arena_.copy(text));
    const Node& root_node = plan_.compiled().root();
    Place root;
    root.nodes = {root_node.closure.data(), static_cast<std::uint32_t>(root_node.closure.size())};
    Place** const singles = arena_.make_array<Place*>(plan_.compiled().singles);
    std::size_t places = 1000;
    StructuralIndex index;
    if (index.start(kept) != nullptr) return false;
    if (memory_.find(kept, index, cuts_) != nullptr) return true;
    Scanner scanner;
    if (scanner.scan(kept, root, arena_, places, singles))
      memory_.learn(kept, index.first(), root, 1000 - places, cuts_);
    return false;
  }

  [[nodiscard]] std::size_t bytes() const { return memory_.bytes(); }

 private:
  MemoryMeter meter_{64u << 20};
  Arena arena_{meter_};
  Plan plan_;
  ShapeMemory memory_;
  Cuts cuts_;
};

}  // namespace

TEST_CASE("a document that differs from a known one in one byte is read as if it were the first") {
  const std::string known = GENERATE(
      R"({"a":1,"b":{"c":"x","d":[true,null],"":-1.50e+3},"s":"{\"a\":{\"b\":2}}","l":[{"x":"y\n"},{"x":2}],"n":"\u00e9"})",
      R"( {"b" : {"c" : "" , "c" : 0.1e1, "x":[ ]} ,"l":[1, 2 ,{"x":{}}], "é":"é", "a":false} )",
      R"({"l":[[],{},"",{"x":0}],"s":"[1,{\"x\":\"\\\"\"}]","b":{"\u0063":true,"d":{"x":{"x":1}}}})",
      R"({"b":{"c":{"q":[0]} ,"d":[ ]
 } ,"n":[1] ,"a":{"x":2}	})",
      R"({"b":{"a name of more than thirty-two bytes":{"c":{"d":{"x":0}}}},"n":10.25})", R"(["a",{"x":1},-0])");
  static constexpr std::string_view kBytes = "\"\\{}[]:, \n0159-+.eEntfalsux\x01\xC3\xA9\x7F";
  const Paths& paths = GENERATE(0, 1) == 0 ? kNamed : kAnyDepth;
  Reader warm(paths);
  const auto compare = [&](const std::string& text) {
    Reader fresh(paths);
    const std::string expected = fresh.sight_of(text);
    warm.sight_of(known);
    const std::string found = warm.sight_of(text);
    if (found != expected) FAIL(text << "\nfound " << found << "\nexpected " << expected);
  };
  for (std::size_t at = 0; at <= known.size(); ++at) {
    compare(known.substr(0, at));
    if (at < known.size()) compare(std::string(known).erase(at, 1));
    for (const char byte : kBytes) {
      compare(std::string(known).insert(at, 1, byte));
      if (at < known.size()) compare(std::string(known).replace(at, 1, 1, byte));
    }
  }
  CHECK(warm.sight_of(known) == Reader(paths).sight_of(known));
}

TEST_CASE("values do not change a shape; names, white space, brackets and the order of members do") {
  Remembering memory;
  CHECK_FALSE(memory.knows(R"({"a":1,"b":{"c":"x"}})"));
  CHECK(memory.knows(R"({"a":1,"b":{"c":"x"}})"));
  CHECK(memory.knows(R"({"a":-12.5e3,"b":{"c":""}})"));
  CHECK(memory.knows(R"({"a":null,"b":{"c":"a longer one, with \"escapes\" and é, {\"and\":[brackets]}"}})"));
  CHECK(memory.knows(R"({"a":12345678901234567890123456789012345678901234567890.25,"b":{"c":"x"}})"));
  for (const char* other : {
           R"({"a":1,"b":{"c":"x"}} )",       // white space
           R"({"a" :1,"b":{"c":"x"}})",       //
           R"({"a":1 ,"b":{"c":"x"}})",       //
           R"({"a":1,"b":{"c":"x" }})",       //
           R"({"A":1,"b":{"c":"x"}})",        // names
           R"({"\u0061":1,"b":{"c":"x"}})",   //
           R"({"a":1,"a":{"c":"x"}})",        //
           R"({"a":"1","b":{"c":"x"}})",      // kinds
           R"({"a":[],"b":{"c":"x"}})",       //
           R"({"a":1,"b":{"c":{}}})",         //
           R"({"a":1,"b":{}})",               // members
           R"({"a":1,"b":{"c":"x","d":1}})",  //
           R"({"b":{"c":"x"},"a":1})",        //
       }) {
    INFO(other);
    CHECK_FALSE(memory.knows(other));
    CHECK(memory.knows(other));
  }
  CHECK(memory.knows(R"({"a":1,"b":{"c":"x"}})"));
}

TEST_CASE("what is in a container that no path goes on into is not of the shape, but it is checked") {
  Remembering memory;
  memory.knows(R"({"a":[],"b":{"c":{}} ,"d":{}})");
  CHECK(memory.knows(R"({"a":{"x":[1,{"y" : null}]},"b":{"c":["\u00e9",[ ]]} ,"d":[0]})"));
  CHECK_FALSE(memory.knows(R"({"a":[],"b":{"c":{}},"d":{}})"));
  for (const char* bad :
       {"[1,]", "{\"x\"}", "{\"x\":1,}", "[1", "[}", "[]]", "[01]", "[1 1]", "[] []", "{1:1}", "[nul]", "[:]"}) {
    INFO(bad);
    CHECK_FALSE(memory.knows(std::string(R"({"a":)") + bad + R"(,"b":{"c":{}} ,"d":{}})"));
  }
  const std::string deep(kMaxDepth - 1, '[');
  const std::string end(kMaxDepth - 1, ']');
  CHECK(memory.knows(R"({"a":)" + deep + end + R"(,"b":{"c":{}} ,"d":{}})"));
  CHECK_FALSE(memory.knows(R"({"a":[)" + deep + end + R"(],"b":{"c":{}} ,"d":{}})"));
}

TEST_CASE("no text that is not JSON has a known shape") {
  Remembering memory;
  memory.knows(R"({"a":1,"b":{"c":"x"}})");
  for (const char* bad :
       {"01", "1.", ".5", "-", "1e", "1e+", "+1", "nul", "nulx", "truee", "1 1", "", "1,", "\"", "1]", "--1"}) {
    INFO(bad);
    CHECK_FALSE(memory.knows(std::string(R"({"a":)") + bad + R"(,"b":{"c":"x"}})"));
  }
  for (const char* bad : {R"({"a":1,"b":{"c":"x"})", R"({"a":1,"b":{"c":"x"}}})", R"({"a":1,"b":{"c":"x"}}1)",
                          R"({"a":1,"b":{"c":"x"y}})", R"({"a":1,"b":{"c":"x""y"}})", R"({"a":1,"b":{"c":"x","y"}})"}) {
    INFO(bad);
    CHECK_FALSE(memory.knows(bad));
  }
}

TEST_CASE("a value of another kind where one was is read as what it is") {
  Reader warm(kNamed);
  for (const char* value :
       {"1", "null", "true", "false", "-1.5", "\"x\"", "\"\\n\"", "[]", "{\"x\":1}", "1", "\"{}\"", "null"}) {
    const std::string text = std::string(R"({"b":{"c":)") + value + R"(,"d":2},"l":[1,)" + value + R"(],"s":"[1]"})";
    INFO(text);
    warm.sight_of(text);
    CHECK(warm.sight_of(text) == Reader(kNamed).sight_of(text));
  }
}

TEST_CASE("a known text is refused where it is nested too deep, or has more places than may be") {
  MemoryMeter meter(1u << 20);
  Arena arena(meter);
  Plan plan;
  REQUIRE(plan.add("l[*]", WEIR_READ).ok());
  const Node& node = plan.compiled().root();
  Place** const singles = arena.make_array<Place*>(plan.compiled().singles);
  const std::string_view text = view(arena.copy(R"({"l":[1,[2]]})"));
  Scanner scanner;
  const auto scan = [&](std::uint8_t depth, std::size_t places) {
    Place root;
    root.nodes = {node.closure.data(), static_cast<std::uint32_t>(node.closure.size())};
    root.depth = depth;
    const bool taken = scanner.scan(text, root, arena, places, singles);
    return taken ? std::to_string(places) + " left, " + std::to_string(root.first->first->depth) + " deep"
                 : std::string(scanner.reason());
  };
  for (int times = 0; times < 3; ++times) {
    CHECK(scan(0, 9) == "6 left, 2 deep");
    CHECK(scan(0, 3) == "0 left, 2 deep");
    CHECK(scan(0, 2) == kTooManyPlaces);
    CHECK(scan(61, 9) == "6 left, 63 deep");
    CHECK(scan(62, 9) == kTooDeep);
  }
}

TEST_CASE("what is remembered is bounded, and forgotten when it helps no more") {
  Remembering memory;
  const std::string usual = R"({"a":1,"b":{"c":"x"}})";
  memory.knows(usual);
  const auto strange = [](int i) { return R"({"n)" + std::to_string(i) + R"(":1,"b":{"c":"x"}})"; };
  int number = 0;
  int known = 0;
  for (; number < 100; ++number) {  // as many as not: it stays
    known += memory.knows(usual) ? 1 : 0;
    memory.knows(strange(number));
  }
  CHECK(known == 100);
  for (; number < 700; ++number) {
    memory.knows(usual);
    memory.knows(strange(number % 8) + std::string(static_cast<std::size_t>(number), ' '));
    memory.knows(R"({"b":{)" + std::string(static_cast<std::size_t>(number), '\n') + R"("c":1,"d":1,"e":1,"f":1}})");
  }
  CHECK(memory.knows(usual));
  CHECK(memory.bytes() < 300 * 1024);
  for (; number < 1700; ++number) CHECK_FALSE(memory.knows(strange(number)));
  CHECK_FALSE(memory.knows(usual));  // it rests
  CHECK(memory.bytes() == 0);
  for (; number < 7000 && !memory.knows(usual); ++number) memory.knows(strange(number));
  CHECK(number > 2200);
  CHECK(number < 7000);
  CHECK(memory.knows(usual));
}

TEST_CASE("documents with as many tokens take turns, and each is known") {
  Remembering memory;
  const auto one = [](int i) { return R"({"a":[1,{"x":)" + std::to_string(i) + R"(}],"b":{"c":"x"}})"; };
  const auto other = [](int i) { return R"({"b":{"c":[1,{"x":)" + std::to_string(i) + R"(}]},"a":"x"})"; };
  const auto third = [](int i) { return R"({"a":{"x":[{},)" + std::to_string(i) + R"(]},"b":{"c":"x"}})"; };
  memory.knows(one(0));
  memory.knows(other(0));
  for (int i = 0; i < 1000; ++i) {
    INFO(i);
    CHECK(memory.knows(one(i)));
    CHECK(memory.knows(other(i)));
    CHECK(memory.knows(third(i)));
  }
  for (int i = 0; i < 1000; ++i) CHECK(memory.knows(third(i)));
}

TEST_CASE("what is remembered of containers is bounded") {
  Remembering memory;
  std::string members = R"("y":0)";
  memory.knows(R"({"a":{)" + members + R"(},"b":{"c":"x"}})");
  for (int i = 0; i < 500; ++i) {
    members += R"(,"x":)" + std::to_string(i % 3 * 1000);
    const std::string text = R"({"a":{)" + members + R"(},"b":{"c":"x"}})";
    for (int times = 0; times < 20; ++times) CHECK(memory.knows(text));
    CHECK(memory.bytes() < 300 * 1024);
  }
}

TEST_CASE("large documents and those of many values are read, but not remembered") {
  Remembering memory;
  const std::string text = "{\"a\":\"" + std::string(ShapeMemory::kMaxText, 'x') + "\"}";
  const std::string name = "{\"" + std::string(ShapeMemory::kMaxText - 100, 'x') + "\":1}";
  std::string values = "{\"b\":{\"c\":1";
  for (std::size_t i = 0; i < Cuts::kMax; ++i) values += ",\"" + std::to_string(i) + "\":1";
  values += "}}";
  for (const std::string& one : {text, name, values}) {
    CHECK_FALSE(memory.knows(one));
    CHECK_FALSE(memory.knows(one));
  }
}

TEST_CASE("an escape is found in the string it is in, however many there are") {
  std::string text;
  std::vector<std::pair<std::size_t, std::size_t>> strings;
  for (int i = 0; i < 600; ++i) {
    const std::size_t begin = text.size();
    text += i % 3 == 0 ? R"("a\nb\u0041\\")" : R"("plain")";
    strings.emplace_back(begin, text.size());
    text += ',';
  }
  MemoryMeter meter(1u << 20);
  Arena arena(meter);
  const std::string_view kept = view(arena.copy(text));
  Escapes escapes;
  REQUIRE(escapes.start(kept));
  for (std::size_t i = 0; i < strings.size(); ++i)
    CHECK(escapes.any(kept.data() + strings[i].first, kept.data() + strings[i].second) == (i % 3 == 0));
  REQUIRE(escapes.start(kept.substr(0, kept.find(','))));
  CHECK(escapes.any(kept.data(), kept.data() + 14));
  for (const char* bad : {R"(\x)", R"(\)", R"(\u12g4)", R"(\u123)", R"(\\\)"}) {
    INFO(bad);
    CHECK_FALSE(escapes.start(view(arena.copy(std::string(100, 'x') + bad))));
  }
}

}  // namespace weir::host::json::test
