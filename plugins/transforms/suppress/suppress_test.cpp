#include "suppress.h"

#include <catch2/catch.hpp>
#include <thread>
#include <weir/testing.hpp>

#include "testing/scratch_folder.h"

namespace weir::plugins {
namespace {

using Runner = testing::Transform<Suppress>;

constexpr const char* kIdentities = R"("identities":{"mpid":"mpid","email":"user.email"})";

/// A list that was not written just now.
class List {
 public:
  explicit List(std::string_view text) { write(text); }
  void write(std::string_view text) {
    folder_.write("list", text);
    const auto hour_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
    std::filesystem::last_write_time(path(), hour_ago + std::chrono::milliseconds(++versions_));
  }
  [[nodiscard]] std::string path() const { return folder_.path("list"); }
  [[nodiscard]] std::string config(const std::string& more) const {
    return R"({"list":")" + path() + R"(",)" + more + "}";
  }

 private:
  testing_support::ScratchFolder folder_;
  int versions_ = 0;
};

/// "passes", "dropped" or "failed".
std::string fate(Runner& suppress, std::string_view value) {
  const auto out = suppress.run(value);
  if (out.failed()) return "failed";
  if (out.filtered()) return "dropped";
  CHECK(out.value() == value);
  return "passes";
}

std::string refusal(const std::string& config) {
  try {
    Runner suppress(config);
  } catch (const ConfigError& error) {
    return error.pointer();
  }
  return "taken";
}

TEST_CASE("an event of a listed person is dropped, by any identity") {
  const List list("mpid:17\nemail:jo@example.com\n");
  Runner suppress(list.config(kIdentities));
  CHECK(fate(suppress, R"({"mpid":17,"user":{"email":"x"}})") == "dropped");
  CHECK(fate(suppress, R"({"mpid":18,"user":{"email":"jo@example.com"}})") == "dropped");
  CHECK(fate(suppress, R"({ "mpid" : 18 , "user":{"email":"Jo@example.com"} })") == "passes");
  CHECK(fate(suppress, R"({"mpid":"jo@example.com","user":{"email":17}})") == "passes");
}

TEST_CASE("the text of an identity counts, however it is written") {
  const List list("mpid:17\nmpid:-9223372036854775809\nmpid:true\nmpid:1e400\nemail:é\"\n");
  Runner suppress(list.config(kIdentities));
  for (const char* value :
       {R"({"mpid":"17"})", R"({"mpid":"\u00317"})", R"({"m\u0070id":17})", R"({"mpid":-9223372036854775809})",
        R"({"mpid":true})", R"({"mpid":1e400})", R"({"user":{"email":"\u00e9\""}})"}) {
    INFO(value);
    CHECK(fate(suppress, value) == "dropped");
  }
  for (const char* value : {R"({"mpid":17.0})", R"({"mpid":false})", R"({"mpid":117})"}) {
    INFO(value);
    CHECK(fate(suppress, value) == "passes");
  }
}

TEST_CASE("blanks around an identity do not count, those inside do") {
  const List list("email: jo doe@example.com \n");
  Runner suppress(list.config(kIdentities));
  CHECK(fate(suppress, R"({"user":{"email":" jo doe@example.com"}})") == "dropped");
  CHECK(fate(suppress, R"({"user":{"email":"jo doe@example.com\r\n\t"}})") == "dropped");
  CHECK(fate(suppress, R"({"user":{"email":"jo  doe@example.com"}})") == "passes");
}

TEST_CASE("missing, null and empty identities are none") {
  const List list("mpid:null\nemail:x\n");
  Runner suppress(list.config(kIdentities));
  for (const char* value :
       {"{}", R"({"mpid":null})", R"({"mpid":"","user":{"email":""}})", R"({"user":null})", R"({"user":7})"}) {
    INFO(value);
    CHECK(fate(suppress, value) == "passes");
  }
  CHECK(fate(suppress, R"({"mpid":"null"})") == "dropped");
  CHECK(fate(suppress, R"({"mpid":" \t"})") == "passes");
}

TEST_CASE("what cannot be looked into fails") {
  const List list("mpid:17\n");
  Runner suppress(list.config(kIdentities));
  for (const char* value : {R"({"mpid":[17]})", R"({"mpid":{}})", R"({"user":{"email":["x"]}})", R"({"mpid":"\ud800"})",
                            R"({"mpid":1,"mpid":17})", "not JSON"}) {
    INFO(value);
    CHECK(fate(suppress, value) == "failed");
  }
  CHECK(fate(suppress, R"({"mpid":17,"user":{"email":{}}})") == "failed");
  CHECK(suppress.run(R"({"mpid":[17]})").failures.at(0).at == "mpid");
}

TEST_CASE("a list on the way to an identity fails, for it could hide one") {
  const List list("id:b\n");
  Runner suppress(list.config(R"("identities":{"id":"user.ids.id"})"));
  CHECK(fate(suppress, R"({"user":[{"ids":{"id":"b"}}]})") == "failed");
  CHECK(fate(suppress, R"({"user":{"ids":[{"id":"b"}]}})") == "failed");
  CHECK(fate(suppress, R"({"user":{"ids":[]}})") == "failed");
  CHECK(fate(suppress, R"({"user":{"ids":"b"},"list":[]})") == "passes");
  Runner wild(list.config(R"("identities":{"id":"users[*].ids.id"})"));
  CHECK(fate(wild, R"({"users":[{"ids":{"id":"a"}},{"ids":[{"id":"b"}]}]})") == "failed");
  CHECK(fate(wild, R"({"users":[{"ids":{"id":"a"}},[{"ids":{"id":"b"}}]]})") == "failed");
  CHECK(fate(wild, R"({"users":[{"ids":{"id":"a"}},{"ids":{}},null]})") == "passes");
  CHECK(fate(wild, R"({"users":[{"ids":[]},{"ids":{"id":"b"}}]})") == "failed");
}

TEST_CASE("a path with * looks at every place") {
  const List list("id:b\n");
  Runner suppress(list.config(R"("identities":{"id":"ids[*].id"})"));
  CHECK(fate(suppress, R"({"ids":[{"id":"a"},{"id":"b"},{"id":"c"}]})") == "dropped");
  CHECK(fate(suppress, R"({"ids":[{"id":"a"},{"x":"b"},{"id":null}]})") == "passes");
  CHECK(fate(suppress, R"({"ids":[{"id":"a"},{"id":["b"]}]})") == "failed");
}

TEST_CASE("others go on beside those that are dropped or fail, and null values pass") {
  const List list("mpid:2\n");
  Runner suppress(list.config(kIdentities));
  const auto out = suppress.run({testing::Message{.value = R"({"mpid":1})"}, testing::Message{.value = R"({"mpid":2})"},
                                 testing::Message{.value = R"({"mpid":[]})"}, testing::Message{.key = "2"},
                                 testing::Message{.value = R"({"mpid":3})"}});
  REQUIRE(out.records.size() == 3);
  CHECK(out.records[1].key == "2");
  CHECK(out.dropped == 1);
  CHECK(out.failures.size() == 1);
}

TEST_CASE("a tombstone has the text of its key and nothing else of the event") {
  const List list("mpid:17\nemail:jo\n");
  Runner suppress(list.config(std::string(kIdentities) + R"(,"tombstones":true,"key":"mpid")"));
  const auto out = suppress.run(testing::Message{.value = R"({"mpid":17,"user":{"email":"jo"}})",
                                                 .key = "old",
                                                 .topic = "t",
                                                 .headers = {{"email", "jo"}, {"a", "1"}, {"email", "2"}},
                                                 .timestamp = Timestamp(std::chrono::milliseconds(5))});
  const testing::Message& tombstone = out.only();
  CHECK(tombstone.key == "17");
  CHECK_FALSE(tombstone.value);
  CHECK(tombstone.headers.empty());
  CHECK(tombstone.topic == "t");
  CHECK(tombstone.timestamp == Timestamp(std::chrono::milliseconds(5)));
  CHECK(suppress.run(R"({"mpid":"\u0041b","user":{"email":"jo"}})").only().key == "Ab");
  CHECK(suppress.run(R"({"mpid":1.50,"user":{"email":"jo"}})").only().key == "1.50");
}

TEST_CASE("without a text under key the event is dropped, without a tombstone") {
  const List list("email:jo\n");
  Runner suppress(list.config(R"("identities":{"email":"email"},"tombstones":true,"key":"id")"));
  for (const char* id : {"", R"("id":null,)", R"("id":"",)", R"("id":[1],)", R"("id":{},)", R"("id":true,)"}) {
    INFO(id);
    const auto out = suppress.run(std::string("{") + id + R"("email":"jo"})");
    CHECK(out.dropped == 1);
    CHECK(out.filtered());
  }
  CHECK(suppress.run(R"({"id":1,"email":"other"})").value() == R"({"id":1,"email":"other"})");
}

TEST_CASE("a list that cannot be used refuses the start") {
  List list("mpid:1\nphone:2\n");
  Runner bad(list.config(kIdentities));
  CHECK_THROWS_WITH(bad.start(), list.path() + " line 2 begins with a kind that `identities` does not name");
  Runner missing(R"({"list":"/nowhere/list",)" + std::string(kIdentities) + "}");
  CHECK_THROWS_AS(missing.start(), ConfigError);
}

TEST_CASE("a stopped instance starts again with the list as it is then") {
  List list("mpid:1\n");
  Runner suppress(list.config(kIdentities));
  CHECK(fate(suppress, R"({"mpid":1})") == "dropped");
  suppress.stop();
  list.write("mpid:2\n");
  CHECK(fate(suppress, R"({"mpid":1})") == "passes");
  CHECK(fate(suppress, R"({"mpid":2})") == "dropped");
}

TEST_CASE("a list that was emptied while nobody used it refuses the start") {
  List list("mpid:1\n");
  Runner suppress(list.config(kIdentities));
  suppress.start();
  suppress.stop();
  list.write("# nobody\n");
  CHECK_THROWS_WITH(suppress.start(), list.path() + " was emptied");
  list.write("mpid:2\n");
  CHECK(fate(suppress, R"({"mpid":2})") == "dropped");
}

/// Waits for a log line of the watching thread; false: it never came.
bool comes(Runner& suppress, const std::string& text) {
  for (int tries = 0; tries < 1000; ++tries) {
    for (const testing::LogLine& line : suppress.logs()) {
      if (line.text.find(text) != std::string::npos) return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

TEST_CASE("instances share a list: all of them have the new one when it is announced, and trouble is an alarm") {
  List list("mpid:1\n");
  Runner first(list.config(kIdentities));
  Runner second(list.config(kIdentities));
  CHECK(fate(first, R"({"mpid":1})") == "dropped");
  CHECK(fate(second, R"({"mpid":1})") == "dropped");
  CHECK(comes(first, "The suppression list is in force. list=" + list.path() + " entries=1 bytes="));
  CHECK(second.logs().empty());
  list.write("mpid:2\nmpid:3\n");
  REQUIRE(comes(first, "The suppression list was swapped. list=" + list.path() + " entries=2 bytes="));
  CHECK(fate(first, R"({"mpid":2})") == "dropped");
  CHECK(fate(second, R"({"mpid":2})") == "dropped");
  CHECK(fate(second, R"({"mpid":1})") == "passes");
  first.stop();
  list.write("");
  REQUIRE(
      comes(second, "alarm=suppression_list The suppression list cannot be used, the old one stays in force. list=" +
                        list.path() + " entries=2"));
  CHECK(fate(second, R"({"mpid":2})") == "dropped");
}

TEST_CASE("settings that could not work are refused") {
  const List list("mpid:1\n");
  CHECK(refusal(list.config(R"("identities":{})")) == "identities");
  CHECK(refusal(list.config(R"("identities":{"a b":"x"})")) == "identities/a b");
  CHECK(refusal(list.config(R"("identities":{"a:b":"x"})")) == "identities/a:b");
  CHECK(refusal(list.config(R"("identities":{"#a":"x"})")) == "identities/#a");
  CHECK(refusal(list.config(R"("identities":{"a":"x"},"tombstones":true)")).empty());
  CHECK(refusal(list.config(R"("identities":{"a":"x"},"tombstones":true,"key":"b.*")")) == "key");
  CHECK(refusal(list.config(R"("identities":{"a":"x"},"key":"b.*")")) == "key");
  CHECK(refusal(R"({"identities":{"a":"x"}})") != "taken");
}

}  // namespace
}  // namespace weir::plugins
