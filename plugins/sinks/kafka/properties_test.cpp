#include <catch2/catch.hpp>
#include <weir/testing.hpp>

#include "kafka_sink.h"
#include "secret_mask.h"

using weir::kafka::KafkaSink;
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

}  // namespace

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
