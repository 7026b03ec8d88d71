#include "kafka_sink.h"

#include <catch2/catch.hpp>
#include <set>
#include <weir/testing.hpp>

#include "mock_topic.h"
#include "murmur2.h"

using weir::kafka::KafkaSink;
using weir::kafka::partition_of;
using weir::kafka::testing::MockTopic;
using weir::kafka::testing::Stored;
using weir::testing::Message;
using Sink = weir::testing::Sink<KafkaSink>;

namespace {

std::string config(const MockTopic& broker, const std::string& more = "", const std::string& properties = "") {
  return R"({"topic": "t", )" + more + R"("config": {"bootstrap.servers": ")" + broker.bootstrap() + '"' + properties +
         "}}";
}

std::vector<Message> numbered(int count) {
  std::vector<Message> messages;
  for (int i = 0; i < count; ++i)
    messages.push_back({.value = "v" + std::to_string(1000 + i), .key = "k" + std::to_string(i % 7)});
  return messages;
}

/// How many acknowledgements so far carry a status.
std::size_t count(Sink& sink, weir_status status) {
  const auto acks = sink.acks();
  return static_cast<std::size_t>(
      std::count_if(acks.begin(), acks.end(), [&](const auto& ack) { return ack.status == status; }));
}

/// Serves until that many acknowledgements came, at most twenty seconds.
void serve(Sink& sink, std::size_t acks) {
  for (int i = 0; i < 200 && sink.acks().size() < acks; ++i) sink.service(100);
  REQUIRE(sink.acks().size() == acks);
}

/// Serves until at least that many acknowledgements came, at most twenty seconds.
void serve_at_least(Sink& sink, std::size_t acks) {
  for (int i = 0; i < 200 && sink.acks().size() < acks; ++i) sink.service(100);
  REQUIRE(sink.acks().size() >= acks);
}

/// Puts all, serving in between as the host does. Returns how many it took in twenty seconds.
std::size_t put_all(Sink& sink, const std::vector<Message>& messages) {
  std::size_t taken = 0;
  for (int i = 0; i < 200 && taken < messages.size(); ++i) {
    taken += sink.put({messages.begin() + static_cast<std::ptrdiff_t>(taken), messages.end()});
    if (taken < messages.size()) sink.service(100);
  }
  return taken;
}

/// The messages of an outage put again, as the host does after it got all back.
void rewind(Sink& sink, const std::vector<Message>& messages) {
  const std::size_t before = sink.acks().size();
  sink.stop();
  sink.start();
  REQUIRE(put_all(sink, messages) == messages.size());
  serve(sink, before + messages.size());
}

/// First occurrences of each key's values ascend.
bool in_order(const std::vector<Stored>& all) {
  std::map<std::string, std::string> last;
  std::set<std::string> seen;
  for (const Stored& message : all) {
    if (!seen.insert(*message.value).second) continue;
    std::string& before = last[*message.key];
    if (*message.value < before) return false;
    before = *message.value;
  }
  return true;
}

std::size_t distinct(const std::vector<Stored>& all) {
  std::set<std::string> values;
  for (const Stored& message : all) values.insert(message.value.value_or("(null)"));
  return values.size();
}

}  // namespace

#if RD_KAFKA_VERSION >= 0x020300ff
TEST_CASE("the client's own metrics are not offered to the broker, for its end would wait a second for the answer") {
  constexpr std::int16_t kProduce = 0;
  constexpr std::int16_t kGetTelemetrySubscriptions = 71;
  const MockTopic broker;
  Sink sink(config(broker));
  sink.start();
  REQUIRE(put_all(sink, numbered(1)) == 1);
  serve(sink, 1);
  sink.stop();
  const auto requests = broker.requests();
  CHECK(requests.count(kProduce) == 1);
  CHECK(requests.count(kGetTelemetrySubscriptions) == 0);
}
#endif

TEST_CASE("records arrive under the partition of their key, in order") {
  MockTopic broker;
  Sink sink(config(broker));
  const auto messages = numbered(500);
  REQUIRE(sink.put(messages) == 500);
  REQUIRE(sink.flush(10'000));
  CHECK(count(sink, WEIR_OK) == 500);
  const auto all = broker.read(500);
  REQUIRE(all.size() == 500);
  CHECK(in_order(all));
  for (const Stored& message : all) CHECK(message.partition == partition_of(*message.key, 3));
}

TEST_CASE("the key is a field of the value") {
  MockTopic broker;
  Sink sink(config(broker, R"("key": "id", )"));
  const auto own = std::optional<std::string>("own");
  REQUIRE(sink.put({{.value = R"({"id": "a\u0062c"})", .key = own},
                    {.value = R"({"id": 9007199254740993})", .key = own},
                    {.value = R"({"id": null, "n": 3})", .key = own},
                    {.value = R"({"n": 4})", .key = own},
                    {.value = R"({"id": "", "n": 5})", .key = own},
                    {.value = std::nullopt, .key = own},
                    {.value = R"({"id": [1]})", .key = own},
                    {.value = R"({"id": true})", .key = own},
                    {.value = R"({"id": "\ud800"})", .key = own},
                    {.value = R"({"id": )", .key = own}}) == 10);
  REQUIRE(sink.flush(10'000));
  std::map<std::string, std::optional<std::string>> keys;
  for (const Stored& message : broker.read(6)) keys[message.value.value_or("tombstone")] = message.key;
  CHECK(keys == std::map<std::string, std::optional<std::string>>{{R"({"id": "a\u0062c"})", "abc"},
                                                                  {R"({"id": 9007199254740993})", "9007199254740993"},
                                                                  {R"({"id": null, "n": 3})", std::nullopt},
                                                                  {R"({"n": 4})", std::nullopt},
                                                                  {R"({"id": "", "n": 5})", std::nullopt},
                                                                  {"tombstone", "own"}});
  std::vector<std::pair<std::string, std::string>> refused;
  for (const weir::testing::Ack& ack : sink.acks()) {
    if (ack.status == WEIR_E_DATA) refused.emplace_back(ack.at, ack.reason);
  }
  const std::string type = "the key is neither a text nor a number";
  REQUIRE(refused.size() == 4);
  CHECK(refused[0] == std::pair<std::string, std::string>("id", type));
  CHECK(refused[1] == std::pair<std::string, std::string>("id", type));
  CHECK(refused[2] == std::pair<std::string, std::string>("id", "a lone surrogate"));
  CHECK(refused[3].first.empty());
}

TEST_CASE("headers, timestamps, empty keys and values go along") {
  MockTopic broker;
  Sink sink(config(broker));
  Message full{.value = "", .key = ""};
  full.headers = {{"a", "1"}, {"b", std::nullopt}};
  full.timestamp = weir::Timestamp(std::chrono::milliseconds(1'600'000'000'123));
  REQUIRE(sink.put({full}) == 1);
  REQUIRE(sink.flush(10'000));
  const auto all = broker.read(1);
  REQUIRE(all.size() == 1);
  CHECK(all[0].key == "");
  CHECK(all[0].value == "");
  CHECK(all[0].timestamp_ms == 1'600'000'000'123);
  CHECK(all[0].headers == std::vector<std::pair<std::string, std::string>>{{"a", "1"}, {"b", "(null)"}});
}

TEST_CASE("configured headers stand behind the record's own: fixed texts and fields of the value") {
  MockTopic broker;
  Sink sink(config(
      broker, R"("headers": {"schema": "2", "level": 3, "tenant": {"field": "tenant.id"}, "on": {"field": "on"}}, )"));
  Message own{.value = R"({"tenant": {"id": "a\u0062c"}, "on": true})", .key = "k"};
  own.headers = {{"own", "1"}, {"schema", "1"}};
  const std::vector<Message> messages{own,
                                      {.value = R"({"tenant": {"id": 9007199254740993}, "on": null})", .key = "k"},
                                      {.value = R"({"tenant": {"id": ""}})", .key = "k"},
                                      {.value = std::nullopt, .key = "k"},
                                      {.value = R"({"tenant": {"id": [1]}})", .key = "k"},
                                      {.value = R"({"tenant": {"id": {}}})", .key = "k"},
                                      {.value = "{", .key = "k"}};
  REQUIRE(sink.put(messages) == messages.size());
  REQUIRE(sink.flush(10'000));
  using List = std::vector<std::pair<std::string, std::string>>;
  std::vector<List> seen;
  for (const Stored& message : broker.read(4)) seen.push_back(message.headers);
  CHECK(seen == std::vector<List>{
                    {{"own", "1"}, {"schema", "1"}, {"schema", "2"}, {"level", "3"}, {"tenant", "abc"}, {"on", "true"}},
                    {{"schema", "2"}, {"level", "3"}, {"tenant", "9007199254740993"}},
                    {{"schema", "2"}, {"level", "3"}, {"tenant", ""}},
                    {{"schema", "2"}, {"level", "3"}}});
  CHECK(count(sink, WEIR_E_DATA) == 3);
  for (const auto& ack : sink.acks()) {
    if (ack.record != 4 && ack.record != 5) continue;
    CHECK(ack.at == "tenant.id");
    CHECK(ack.reason == "a header is a list or an object");
  }
}

TEST_CASE("headers that make no sense are refused at their name") {
  const auto refusal = [](const std::string& headers) -> std::string {
    try {
      Sink sink(R"({"topic": "t", "headers": {)" + headers + R"(}, "config": {"bootstrap.servers": "127.0.0.1:9"}})");
      return "";
    } catch (const weir::ConfigError& error) {
      return error.pointer() + ": " + error.what();
    }
  };
  CHECK(refusal(R"("a": "1", "b": {"field": "c.d"}, "e": 2.50, "f": false, "g": "")") == "");
  CHECK_THAT(refusal(R"("a": ["1"])"), Catch::StartsWith("headers/a: is neither a text"));
  CHECK_THAT(refusal(R"("a": null)"), Catch::StartsWith("headers/a: is neither a text"));
  CHECK_THAT(refusal(R"("a": {})"), Catch::StartsWith("headers/a: is neither a text"));
  CHECK_THAT(refusal(R"("a": {"field": "x", "default": "y"})"), Catch::StartsWith("headers/a/default: is not known"));
  CHECK_THAT(refusal(R"("a": {"field": 1})"), Catch::StartsWith("headers/a/field: "));
  CHECK_THAT(refusal(R"("a": {"field": "x["})"), Catch::StartsWith("headers/a/field: "));
  CHECK_THAT(refusal(R"("__weir.errors.code": "x")"), Catch::Contains("the host's"));
  CHECK_THAT(refusal(R"("": "x")"), Catch::Contains("needs a name"));
}

TEST_CASE("headers count towards a record's size") {
  MockTopic broker;
  Sink sink(config(broker, R"("headers": {"h": {"field": "h"}}, )", R"(, "message.max.bytes": 2000)"));
  REQUIRE(sink.put({{.value = R"({"h": ")" + std::string(1200, 'x') + "\"}", .key = "k"},
                    {.value = R"({"h": ")" + std::string(500, 'x') + "\"}", .key = "k"}}) == 2);
  REQUIRE(sink.flush(10'000));
  CHECK(count(sink, WEIR_OK) == 1);
  CHECK(count(sink, WEIR_E_DATA) == 1);
}

TEST_CASE("topics to be made have partitions and replicas that a cluster could give") {
  const auto refusal = [](const std::string& fields) -> std::string {
    try {
      Sink sink(R"({"topic": "t", "create_topic": {)" + fields +
                R"(}, "config": {"bootstrap.servers": "127.0.0.1:9"}})");
      return "";
    } catch (const weir::ConfigError& error) {
      return error.pointer() + ": " + error.what();
    }
  };
  CHECK(refusal("") == "");
  CHECK(refusal(R"("partitions": 12, "replication_factor": 1)") == "");
  CHECK_THAT(refusal(R"("partitions": 0)"), Catch::StartsWith("create_topic/partitions: must be 1 to"));
  CHECK_THAT(refusal(R"("partitions": 1000000)"), Catch::StartsWith("create_topic/partitions: must be 1 to"));
  CHECK_THAT(refusal(R"("replication_factor": -1)"),
             Catch::StartsWith("create_topic/replication_factor: must be 1 to"));
}

TEST_CASE("a topic that a transform may choose has to be there at the start, for the main sink") {
  MockTopic broker;
  Sink sink(config(broker), {.topics = {"t", "nowhere"}});
  CHECK_THROWS_WITH(sink.start(), Catch::Contains("nowhere") && Catch::Contains("Unknown topic"));
  Sink there(config(broker), {.topics = {"t"}});
  CHECK_NOTHROW(there.start());
  Sink dead_letters(config(broker), {.dead_letter = true, .topics = {"nowhere"}});
  CHECK_NOTHROW(dead_letters.start());
}

TEST_CASE("the client's statistics are in the log, for those who look closely") {
  MockTopic broker;
  Sink sink(config(broker, "", R"(, "statistics.interval.ms": 50)"));
  sink.start();
  const auto told = [&] {
    const auto lines = sink.logs();
    return std::any_of(lines.begin(), lines.end(), [](const auto& line) {
      return line.text.starts_with("librdkafka statistics: {") && line.level == WEIR_LOG_DEBUG;
    });
  };
  for (int i = 0; i < 100 && !told(); ++i) sink.service(100);
  CHECK(told());
}

TEST_CASE("a missing topic ends the start, an absent broker does not") {
  MockTopic broker;
  Sink missing(R"({"topic": "nowhere", "config": {"bootstrap.servers": ")" + broker.bootstrap() + R"("}})");
  CHECK_THROWS_WITH(missing.start(), Catch::Contains("nowhere") && Catch::Contains("Unknown topic"));
  Sink absent(R"({"topic": "t", "config": {"bootstrap.servers": "127.0.0.1:9"}})");
  CHECK_THROWS_AS(absent.start(), weir::RetryError);
  CHECK_THROWS_AS(absent.start(), weir::RetryError);
}

TEST_CASE("a producer that dies gives everything back, and what comes again is whole and in order") {
  MockTopic broker;
  Sink sink(config(broker, "", R"(, "batch.num.messages": 10)"));
  const auto messages = numbered(300);
  std::vector<rd_kafka_resp_err_t> answers(8, RD_KAFKA_RESP_ERR_NO_ERROR);
  answers.push_back(RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER);
  broker.answer_produce(answers);
  REQUIRE(put_all(sink, messages) == 300);
  serve(sink, 300);
  const std::size_t delivered = count(sink, WEIR_OK);
  CHECK(delivered < 300);
  CHECK(delivered + count(sink, WEIR_E_RETRY) == 300);
  CHECK(sink.put(messages) == 0);  // takes nothing more before it is started again
  // The host puts again from the oldest that was given back; all is the worst case.
  rewind(sink, messages);
  const auto all = broker.read(delivered + 300);
  CHECK(distinct(all) == 300);
  CHECK(in_order(all));
}

TEST_CASE("a record over the client's limit is refused before it is sent") {
  MockTopic broker;
  Sink sink(config(broker, "", R"(, "message.max.bytes": 2000)"));
  REQUIRE(sink.put({{.value = std::string(1800, 'x'), .key = "k"},
                    {.value = std::string(2000, 'y'), .key = "k"},
                    {.value = "z", .key = "k"}}) == 3);
  REQUIRE(sink.flush(10'000));
  CHECK(count(sink, WEIR_OK) == 2);
  REQUIRE(count(sink, WEIR_E_DATA) == 1);
  const auto acks = sink.acks();
  const auto refused =
      std::find_if(acks.begin(), acks.end(), [](const auto& ack) { return ack.status == WEIR_E_DATA; });
  CHECK(refused->record == 1);
  CHECK(refused->reason == "record too large");
}

TEST_CASE("a batch the broker refuses as too large goes again one by one") {
  MockTopic broker;
  Sink sink(config(broker, "", R"(, "linger.ms": 100)"));
  std::vector<Message> messages = numbered(7);
  for (Message& message : messages) message.key = "k";  // one partition, and so one batch: all of them are suspects
  broker.answer_produce({RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE});
  REQUIRE(put_all(sink, messages) == 7);
  serve(sink, 7);
  const std::size_t first = count(sink, WEIR_OK);
  CHECK(count(sink, WEIR_E_DATA) == 0);

  broker.answer_produce({RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE});
  sink.stop();
  sink.start();
  REQUIRE(put_all(sink, messages) == 7);
  serve(sink, 14);
  CHECK(count(sink, WEIR_E_DATA) == 1);  // refused alone: that is the one

  rewind(sink, messages);
  CHECK(count(sink, WEIR_E_DATA) == 1);
  CHECK(count(sink, WEIR_OK) > first);
  CHECK(distinct(broker.read(count(sink, WEIR_OK))) == 7);

  // Back to whole batches, by itself.
  REQUIRE(put_all(sink, numbered(100)) == 100);
  REQUIRE(sink.flush(10'000));
}

TEST_CASE("no right to write is final before anything was delivered, and a matter of patience after") {
  MockTopic broker;
  Sink sink(config(broker));
  SECTION("at the first record") {
    broker.answer_produce({RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});
    REQUIRE(sink.put("x") == 1);
    const auto serve_on = [&] {
      for (int i = 0; i < 100; ++i) sink.service(100);
    };
    CHECK_THROWS_WITH(serve_on(), Catch::Contains("no right to write"));
    sink.stop();
    CHECK(sink.acks().size() == 1);
  }
  SECTION("later") {
    REQUIRE(sink.put("x") == 1);
    REQUIRE(sink.flush(10'000));
    broker.answer_produce({RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});
    REQUIRE(sink.put("y") == 1);
    serve(sink, 2);
    CHECK(count(sink, WEIR_E_RETRY) == 1);
    rewind(sink, {Message{.value = "y"}});
    CHECK(distinct(broker.read(2)) == 2);
  }
}

TEST_CASE("stop gives back what the broker did not acknowledge") {
  MockTopic broker;
  Sink sink(config(broker));
  sink.start();
  broker.answer_produce(std::vector<rd_kafka_resp_err_t>(1000, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION));
  REQUIRE(sink.put(numbered(20)) == 20);
  sink.service(50);
  CHECK_FALSE(sink.flush(200));
  sink.stop();
  CHECK(sink.acks().size() == 20);
  CHECK(count(sink, WEIR_E_RETRY) == 20);
}

TEST_CASE("a full queue takes fewer records and loses none") {
  MockTopic broker;
  Sink sink(config(broker, "", R"(, "queue.buffering.max.messages": 50)"));
  CHECK(sink.put(numbered(200)) < 200);
  const std::size_t taken = sink.acks().size();
  CHECK(taken <= 50);
  REQUIRE(sink.flush(10'000));
  REQUIRE(put_all(sink, numbered(200)) == 200);
  REQUIRE(sink.flush(10'000));
  CHECK(count(sink, WEIR_OK) == sink.acks().size());
}

TEST_CASE("where memory is small, batches go before their time and make room for more") {
  MockTopic broker;
  const std::string lingers = R"(, "linger.ms": 600000)";
  // The client may queue 1 MiB or 1024 messages, over three partitions.
  Sink sink(config(broker, "", lingers), {.memory = 2u << 20});
  SECTION("of large records") {
    std::vector<Message> messages = numbered(900);
    for (Message& message : messages) message.value->resize(1000, '.');
    REQUIRE(sink.put(messages) == 900);
    serve_at_least(sink, 400);
  }
  SECTION("of small records") {
    REQUIRE(sink.put(numbered(1000)) == 1000);
    serve_at_least(sink, 400);
  }
  CHECK(count(sink, WEIR_OK) == sink.acks().size());
}

TEST_CASE("what is flushed does not wait for linger.ms") {
  MockTopic broker;
  Sink sink(config(broker, "", R"(, "linger.ms": 600000)"));
  REQUIRE(sink.put(numbered(20)) == 20);
  CHECK(sink.flush(20'000));
  CHECK(count(sink, WEIR_OK) == 20);
  REQUIRE(sink.put(numbered(20)) == 20);
  for (int i = 0; i < 1000 && count(sink, WEIR_OK) < 40; ++i) {
    sink.flush(0);
    sink.service(10);
  }
  CHECK(count(sink, WEIR_OK) == 40);
}

TEST_CASE("a bad record behind a full queue is refused when its turn comes") {
  MockTopic broker;
  Sink sink(config(broker, R"("key": "id", )", R"(, "queue.buffering.max.messages": 2)"));
  const std::vector<Message> messages{{.value = R"({"id": "k", "n": 0})"},
                                      {.value = R"({"id": "k", "n": 1})"},
                                      {.value = R"({"id": "k", "n": 2})"},
                                      {.value = R"({"id": ["bad"], "n": 3})"},
                                      {.value = R"({"id": "k", "n": 4})"}};
  CHECK(sink.put(messages) == 2);
  CHECK(sink.acks().empty());
  REQUIRE(sink.flush(10'000));
  REQUIRE(sink.put({messages.begin() + 2, messages.end()}) == 3);
  REQUIRE(sink.flush(10'000));
  CHECK(count(sink, WEIR_OK) == 4);
  CHECK(count(sink, WEIR_E_DATA) == 1);
  const auto all = broker.read(4);
  REQUIRE(all.size() == 4);
  CHECK(in_order(all));
}

TEST_CASE("records with headers or a timestamp keep their place among those without") {
  MockTopic broker;
  Sink sink(config(broker));
  std::vector<Message> messages = numbered(60);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    messages[i].key = "k";
    if (i % 3 == 1) messages[i].headers = {{"n", std::to_string(i)}};
    if (i % 5 == 2) messages[i].timestamp = weir::Timestamp(std::chrono::milliseconds(1'600'000'000'000));
  }
  REQUIRE(put_all(sink, messages) == 60);
  REQUIRE(sink.flush(10'000));
  const auto all = broker.read(60);
  REQUIRE(all.size() == 60);
  CHECK(in_order(all));
  CHECK(distinct(all) == 60);
}

TEST_CASE("a password reaches no log line, with all of the client's debugging on") {
  Sink sink(
      R"({"topic": "t", "config": {"bootstrap.servers": "127.0.0.1:9", "security.protocol": "SASL_PLAINTEXT",
          "sasl.mechanisms": "PLAIN", "sasl.username": "someone", "sasl.password": "canary-7731", "debug": "all"}})");
  CHECK_THROWS_AS(sink.start(), weir::RetryError);
  sink.stop();
  const auto lines = sink.logs();
  CHECK(lines.size() > 10);
  for (const auto& line : lines) CHECK_THAT(line.text, !Catch::Contains("canary-7731"));
}
