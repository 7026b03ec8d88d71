#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <weir/testing.hpp>

#include "kafka_sink.h"
#include "secret_mask.h"

using weir::kafka::BatchSize;
using weir::kafka::KafkaSink;
using weir::kafka::Properties;
using weir::kafka::SecretMask;

namespace {

/// The pointer and text of what the constructor refuses; "" when it does not.
std::string refusal(const std::string& properties) {
  try {
    weir::testing::Sink<KafkaSink> sink(R"({"topic": "t", "config": {)" + properties + "}}");
    return "";
  } catch (const weir::ConfigError& error) {
    return error.pointer() + ": " + error.what();
  }
}

std::string with_bootstrap(const std::string& property) { return R"("bootstrap.servers": "127.0.0.1:1", )" + property; }

/// Properties by themselves, of a sink that does nothing.
class Bare {
 public:
  static constexpr auto name = "bare";
  static constexpr auto version = "0.1.0";
  static constexpr auto summary = "";
  static constexpr auto fields = KafkaSink::fields;
  static inline const Properties* latest = nullptr;

  explicit Bare(const weir::Context& config) : properties_(config) { latest = &properties_; }
  std::size_t put(weir::Batch&) { return 0; }

 private:
  const Properties properties_;
};

BatchSize batch_for(std::int32_t partitions, std::uint64_t memory_mib, const std::string& properties = "") {
  const weir::testing::Sink<Bare> sink(
      R"({"topic": "t", "config": {"bootstrap.servers": "127.0.0.1:1", "batch.size": 1000000)" + properties + "}}",
      {.memory = memory_mib << 20});
  return Bare::latest->batch_for(partitions);
}

}  // namespace

TEST_CASE("two batches of each partition fit into what the task may hold") {
  CHECK(batch_for(12, 64).bytes == 1'000'000);
  CHECK(batch_for(1, 4).bytes == 838'860);
  CHECK(batch_for(12, 24).bytes == 419'430);
  CHECK(batch_for(100, 64).bytes == 134'217);
  CHECK(batch_for(12, 24, R"(, "queue.buffering.max.kbytes": 2400)").bytes == 102'400);
  CHECK(batch_for(1, 64).messages == 10'000);
  CHECK(batch_for(12, 24).messages == 512);
  CHECK(batch_for(12, 24, R"(, "batch.num.messages": 300)").messages == 300);
  CHECK(batch_for(12, 24, R"(, "queue.buffering.max.messages": 0)").messages == 10'000);
}

TEST_CASE("a batch that would not be worth its request is not asked for") {
  CHECK(batch_for(10'000, 64).bytes == 16'384);
  CHECK(batch_for(10'000, 64).messages == 64);
  CHECK(batch_for(10'000, 64, R"(, "batch.num.messages": 3)").messages == 3);
}

TEST_CASE("numbers and flags may stand without quotes") {
  CHECK(refusal(with_bootstrap(R"("linger.ms": 20, "socket.keepalive.enable": false, "compression.type": "zstd")")) ==
        "");
}

TEST_CASE("a sink without bootstrap.servers is refused") {
  CHECK_THAT(refusal(R"("linger.ms": 5)"), Catch::Contains("lacks bootstrap.servers"));
  CHECK_THAT(refusal(R"("bootstrap.servers": "")"), Catch::Contains("lacks bootstrap.servers"));
}

TEST_CASE("what loads code or runs commands is refused") {
  for (const char* name : {"plugin.library.paths", "ssl.engine.location", "ssl.providers"})
    CHECK_THAT(refusal(with_bootstrap('"' + std::string(name) + R"(": "/tmp/x.so")")),
               Catch::StartsWith("config/" + std::string(name)) && Catch::Contains("loads code"));
  CHECK_THAT(refusal(with_bootstrap(R"("sasl.kerberos.kinit.cmd": "id")")), Catch::Contains("runs a command"));
  CHECK_THAT(refusal(with_bootstrap(R"("sasl.kerberos.principal": "x\"; id; \"")")), Catch::Contains("command line"));
  CHECK(refusal(with_bootstrap(R"("sasl.kerberos.principal": "weir/host@EXAMPLE.COM")")) == "");
}

TEST_CASE("what could lose or reorder records is refused") {
  for (const char* property :
       {R"("message.timeout.ms": 1000)", R"("delivery.timeout.ms": 1000)", R"("retries": 3)", R"("acks": 1)",
        R"("acks": "0")", R"("request.required.acks": 1)", R"("enable.idempotence": false)",
        R"("transactional.id": "x")", R"("partitioner": "random")", R"("delivery.report.only.error": true)",
        R"("enable.gapless.guarantee": false)", R"("test.mock.num.brokers": 1)", R"("queuing.strategy": "lifo")"}) {
    CAPTURE(property);
    CHECK_THAT(refusal(with_bootstrap(property)), Catch::StartsWith("config/"));
  }
  for (const char* property : {R"("acks": "all")", R"("acks": -1)", R"("enable.idempotence": true)"}) {
    CAPTURE(property);
    CHECK(refusal(with_bootstrap(property)) == "");
  }
}

TEST_CASE("every other property of the client may be set") {
  const std::vector<std::string> refused{"plugin.library.paths",
                                         "ssl.engine.location",
                                         "ssl.engine.id",
                                         "ssl.providers",
                                         "sasl.kerberos.kinit.cmd",
                                         "message.timeout.ms",
                                         "delivery.timeout.ms",
                                         "message.send.max.retries",
                                         "retries",
                                         "transactional.id",
                                         "enable.gapless.guarantee",
                                         "queuing.strategy",
                                         "partitioner",
                                         "delivery.report.only.error",
                                         "enabled_events",
                                         "log.queue",
                                         "test.mock.num.brokers"};
  std::size_t count = 0;
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  const char** all = rd_kafka_conf_dump(conf, &count);
  std::size_t accepted = 0;
  for (std::size_t i = 0; i + 1 < count; i += 2) {
    const std::string name = all[i];
    const std::string value = all[i + 1];
    const bool is_address = value.starts_with("0x");  // of a function: no property of a text file
    const bool is_set = rd_kafka_conf_set(conf, name.c_str(), value.c_str(), nullptr, 0) == RD_KAFKA_CONF_OK;
    if (is_address || !is_set || name == "enable.idempotence") continue;
    CAPTURE(name, value);
    const std::string why = refusal(with_bootstrap('"' + name + R"(": ")" + value + '"'));
    const bool is_refused = std::find(refused.begin(), refused.end(), name) != refused.end();
    CHECK(why.empty() != is_refused);
    accepted += why.empty() ? 1 : 0;
  }
  rd_kafka_conf_dump_free(all, count);
  rd_kafka_conf_destroy(conf);
  CHECK(accepted > 80);
}

TEST_CASE("a token comes by HTTP, or is one without signature") {
  const auto login = [](const std::string& more) {
    return refusal(with_bootstrap(R"("security.protocol": "SASL_SSL", "sasl.mechanism": "OAUTHBEARER")" + more));
  };
  CHECK_THAT(login(""), Catch::StartsWith("config/sasl.oauthbearer.method: must be oidc"));
  CHECK(login(R"(, "enable.sasl.oauthbearer.unsecure.jwt": true, "sasl.oauthbearer.config": "principal=weir")") == "");
  const std::string oidc = R"(, "sasl.oauthbearer.method": "oidc", "sasl.oauthbearer.client.id": "weir")";
  for (const char* url : {"https://login.example/token", "http://127.0.0.1:1/token"}) {
    CHECK(login(oidc + R"(, "sasl.oauthbearer.client.secret": "s", "sasl.oauthbearer.token.endpoint.url": ")" + url +
                '"') == "");
  }
  for (const char* url : {"file:///etc/passwd", "exec:id", ""}) {
    CHECK_THAT(login(oidc + R"(, "sasl.oauthbearer.token.endpoint.url": ")" + url + '"'),
               Catch::StartsWith("config/sasl.oauthbearer.token.endpoint.url: must begin with"));
  }
}

TEST_CASE("unknown properties and bad values are refused at their name") {
  CHECK_THAT(refusal(with_bootstrap(R"("no.such": 1)")),
             Catch::StartsWith("config/no.such: is no property of librdkafka"));
  CHECK_THAT(refusal(with_bootstrap(R"("linger.ms": "soon")")), Catch::StartsWith("config/linger.ms: "));
  CHECK_THAT(refusal(with_bootstrap(R"("linger.ms": [1])")), Catch::StartsWith("config/linger.ms: wants a text"));
  CHECK_THAT(refusal(with_bootstrap(R"("linger.ms": null)")), Catch::StartsWith("config/linger.ms: wants a text"));
}

TEST_CASE("secrets are taken out of texts, the longest first and line by line") {
  SecretMask mask;
  mask.add("abc");
  mask.add("abcdef");
  mask.add("");
  mask.add("line one\nline two\n");
  CHECK(mask.mask("x abcdef abc line two, line 3") == "x *** *** ***, line 3");
  CHECK(mask.mask("") == "");
  CHECK(weir::kafka::is_secret_property("sasl.password"));
  CHECK(weir::kafka::is_secret_property("ssl.key.pem"));
  CHECK(weir::kafka::is_secret_property("sasl.oauthbearer.client.secret"));
  CHECK_FALSE(weir::kafka::is_secret_property("ssl.ca.location"));
}
