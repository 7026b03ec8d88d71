#include <catch2/catch.hpp>

#include "cli/chaos/compare.h"
#include "cli/chaos/letters.h"
#include "cli/chaos/mark.h"
#include "cli/chaos/message.h"
#include "scratch.h"

using namespace weir::host::cli::chaos;

namespace {

Message parsed(const std::string& line) {
  auto message = Message::parse(line);
  REQUIRE(message.ok());
  return *std::move(message);
}

}  // namespace

TEST_CASE("a mark holds position and number, and is taken apart again") {
  const std::string first = mark_text("/in/a.ndjson", "17");
  CHECK(first == "17@/in/a.ndjson");
  CHECK(split_mark(first).partition == "/in/a.ndjson");
  CHECK(split_mark(first).offset == "17");
  CHECK(numbered_mark(first, 2) == "17#2@/in/a.ndjson");
  CHECK(numbered_mark(first, 0) == first);
  CHECK(split_mark("anything").partition.empty());
}

TEST_CASE("different positions have different marks, whatever bytes they are made of") {
  using namespace std::string_literals;
  CHECK(mark_text("b", "a@") != mark_text("@b", "a"));
  CHECK(mark_text("p", "1#2") != numbered_mark(mark_text("p", "1"), 2));
  CHECK(mark_text("p", "%40") != mark_text("p", "@"));
  CHECK(mark_text("p", "\x00\xff"s) == "%00%ff@p");
  CHECK(split_mark(mark_text("a@b", "c@d")).offset == "c%40d");
}

TEST_CASE("a plain line of weir-consume is read") {
  const Message message = parsed("3\t17\tkey\t{\"a\":\"\t\"}");
  CHECK(message.partition == 3);
  CHECK(message.offset == 17);
  CHECK(message.key == "key");
  CHECK(message.value == "{\"a\":\"\t\"}");
  CHECK(message.topic.empty());
  CHECK_FALSE(parsed("3\t17\t\tv").key.has_value());
}

TEST_CASE("a JSON line of weir-consume is read, null apart from empty and bytes that are no text") {
  const Message message = parsed(
      R"({"topic":"t","partition":3,"offset":17,"timestamp_ms":1,"key":"a\nb","value_base64":"/w==","headers":[["__weir.chaos","5@p"],["n",null]]})");
  CHECK(message.topic == "t");
  CHECK(message.key == "a\nb");
  CHECK(message.value == "\xff");
  CHECK(message.mark == "5@p");
  CHECK_FALSE(message.is_letter);
  CHECK(message.seen().source_partition == "p");
  CHECK(message.seen().source_offset == "5");
  const Message null = parsed(R"({"partition":0,"offset":0,"key":null,"value":"","headers":[]})");
  CHECK_FALSE(null.seen().key.has_value());
  CHECK(null.seen().value == "");
}

TEST_CASE("a dead letter in a topic is known by position, clone and transform, not by what is in it") {
  const std::string head = R"({"topic":"t","partition":0,"offset":0,"key":"k","value":")";
  const std::string tail =
      R"(","headers":[["__weir.errors.code","E_DATA"],["__weir.errors.transform","redact"],["__weir.errors.clone","2"],["__weir.chaos","5@p"]]})";
  const Message one = parsed(head + "sealed" + tail);
  CHECK(one.is_letter);
  CHECK(one.seen().value == letter_of("2", "redact"));
  CHECK_FALSE(one.seen().key.has_value());
  CHECK(one.seen().value == parsed(head + "sealed anew" + tail).seen().value);
}

TEST_CASE("what is no line of weir-consume is refused") {
  for (const char* line : {"", "1", "1\t2\t3", "x\t2\tk\tv", "1\tx\tk\tv", "{", "{}", "[]",
                           R"({"partition":0,"offset":0})", R"({"partition":0,"offset":0,"key":1,"value":null})",
                           R"({"partition":0,"offset":0,"key":null,"value_base64":"?"})",
                           R"({"partition":1e99,"offset":0,"key":null,"value":null})",
                           R"({"partition":2147483648,"offset":0,"key":null,"value":null})",
                           R"({"partition":0,"offset":9223372036854775808,"key":null,"value":null})",
                           R"({"partition":0,"offset":1.5,"key":null,"value":null})",
                           R"({"partition":true,"offset":0,"key":null,"value":null})",
                           R"({"partition":0,"offset":0,"key":null,"value":null,"headers":[[]]})",
                           R"({"partition":0,"offset":0,"key":null,"value":null,"headers":[1]})"})
    CHECK_FALSE(Message::parse(line).ok());
}

TEST_CASE("two files of weir-consume are compared") {
  const Scratch scratch;
  const std::string expected = scratch.write("expected", "0\t0\ta\t1\n0\t0\ta\t2\n1\t0\tb\t3\n");
  const auto same = compare(expected, expected);
  REQUIRE(same.ok());
  CHECK(same->faults() == 0);
  const auto other = compare(expected, scratch.write("arrived", "0\t0\ta\t2\n0\t1\ta\t1\n0\t2\ta\t1\n"));
  REQUIRE(other.ok());
  CHECK(other->lost.count == 1);
  CHECK(other->duplicated == 1);
  CHECK(other->reordered.count == 1);
  CHECK(compare(scratch.path("nothing"), expected).status().code() == WEIR_E_CONFIG);
  CHECK(compare(expected, scratch.write("torn", "0\t0\ta\t1")).status().code() == WEIR_E_DATA);
  const auto damaged = compare(expected, scratch.write("damaged", "0\t0\ta\t1\nno line\n"));
  CHECK(damaged.status().message().find("damaged:2: ") != std::string::npos);
}

TEST_CASE("dead letters are read from their file, whatever of them is encrypted") {
  const Scratch scratch;
  const std::string file = scratch.write(
      "dead.ndjson",
      R"({"error":{"pipeline":"p","transform":"redact","code":"E_DATA"},"position":{"partition":"f","offset":"7"},"clone":2})"
      "\n"
      R"({"value":"{}","headers":[["__weir.chaos","9@f"]],"error":{"pipeline":"p","code":"E_DATA","payload":"encrypted"},"position":{"partition":"spool","offset":"1"}})"
      "\n");
  std::vector<std::string> seen;
  REQUIRE(each_letter(file, [&](const Seen& letter) {
            CHECK(letter.topic == kLetters);
            CHECK_FALSE(letter.key.has_value());
            seen.push_back(std::string(letter.source_offset) + "@" + std::string(letter.source_partition) + " " +
                           std::string(*letter.value));
          }).ok());
  CHECK(seen == std::vector<std::string>{"7@f " + letter_of("2", "redact"), "9@f " + letter_of("", "")});
  CHECK(each_letter(scratch.path("none"), [](const Seen&) { FAIL(); }).ok());
  CHECK(each_letter(scratch.write("bad", "{}\n"), [](const Seen&) {}).code() == WEIR_E_DATA);
}
