#include "cli/envelope/sealed_letter.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "made_record.h"

using namespace weir::host;
using namespace weir::host::cli;

namespace {

const std::string kSecret = "a secret that nobody knows";

crypto::KeyRing keys_of(const std::string& secrets) {
  auto keys = letter_keys(secrets);
  REQUIRE(keys.ok());
  return *std::move(keys);
}

std::string seal(Record& record, Bytes topic = kNullBytes, const std::string& secrets = kSecret) {
  return make_letter_seal(keys_of(secrets))->seal(record, topic);
}

LetterRecord opened(const std::string& text, const std::string& secrets = kSecret) {
  auto record = open_letter(keys_of(secrets), text);
  REQUIRE(record.ok());
  return *std::move(record);
}

Status refusal(const std::string& text, const std::string& secrets = kSecret) {
  const auto record = open_letter(keys_of(secrets), text);
  REQUIRE_FALSE(record.ok());
  return record.status();
}

std::string sealed_value(const char* value) {
  MadeRecord made;
  made.record().set_slot(WEIR_VALUE, bytes_of(value));
  return seal(made.sealed());
}

}  // namespace

TEST_CASE("a sealed letter gives back every byte of its record, null and empty told apart") {
  MadeRecord made;
  Record& record = made.record();
  const std::string bytes("\0\xff{\"a\":1}\n", 10);
  record.set_slot(WEIR_KEY, bytes_of(""));
  record.set_slot(WEIR_VALUE, bytes_of(bytes));
  record.add_header("plain", bytes_of("x"));
  record.add_header("null", kNullBytes);
  record.add_header("\xff name", bytes_of("\xfe"));
  record.timestamp_ms = 17;
  const LetterRecord back = opened(seal(made.sealed(), bytes_of("topic")));
  CHECK(back.key == "");
  CHECK(back.value == bytes);
  CHECK(back.topic == "topic");
  CHECK(back.timestamp_ms == 17);
  CHECK(back.headers == decltype(back.headers){{"plain", "x"}, {"null", std::nullopt}, {"\xff name", "\xfe"}});
}

TEST_CASE("a tombstone without anything stays one") {
  MadeRecord made;
  const LetterRecord back = opened(seal(made.sealed()));
  CHECK(back.is_empty());
  CHECK_FALSE(back.topic);
  CHECK(back.timestamp_ms == -1);
}

TEST_CASE("it is the original that is sealed, not what transforms made of it") {
  MadeRecord made;
  made.record().set_slot(WEIR_VALUE, bytes_of("as it came"));
  Record& record = made.sealed();
  record.set_slot(WEIR_VALUE, bytes_of("changed"));
  record.add_header("added", bytes_of("x"));
  const LetterRecord back = opened(seal(record));
  CHECK(back.value == "as it came");
  CHECK(back.headers.empty());
}

TEST_CASE("nothing of the payload shows, and no two letters are alike") {
  MadeRecord made;
  made.record().set_slot(WEIR_VALUE, bytes_of("canary-4711"));
  const auto letters = make_letter_seal(keys_of(kSecret));
  const std::string one = letters->seal(made.sealed(), kNullBytes);
  const std::string two = letters->seal(made.record(), kNullBytes);
  CHECK(one != two);
  CHECK(one.find("canary") == std::string::npos);
  const auto members = nlohmann::json::parse(one).at("weir_encrypted");
  CHECK(members.at("v") == 1);
  CHECK(members.at("key_id") == crypto::to_text(keys_of(kSecret).newest()));
}

TEST_CASE("secrets change: the newest seals, all open") {
  const std::string both = "the next secret, newer\n" + kSecret;
  const std::string old = sealed_value("x");
  CHECK(opened(old, both).value == "x");
  MadeRecord made;
  const std::string recent = seal(made.sealed(), kNullBytes, both);
  CHECK(refusal(recent).code() == WEIR_E_CONFIG);
  CHECK(opened(recent, "the next secret, newer").is_empty());
}

TEST_CASE("no changed byte of a sealed letter gives a record") {
  const std::string text = sealed_value("payload");
  std::size_t same = 0;  // changes of what is not looked at: the key's id for people
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    const auto record = open_letter(keys_of(kSecret), changed);
    if (record.ok()) {
      CHECK(record->value == "payload");
      ++same;
    }
  }
  CHECK(same <= 16 + 6);  // the id, and the name of its member
}

TEST_CASE("what is no sealed letter is refused without showing it") {
  const std::string text = sealed_value("payload");
  for (const std::string& bad :
       {std::string(), std::string("{"), std::string("[]"), std::string("7"), std::string(R"({"weir_encrypted":{}})"),
        std::string(R"({"weir_encrypted":{"v":"canary"}})"), std::string(R"({"weir_encrypted":{"v":7e23}})"),
        std::string(R"({"weir_encrypted":"canary"})"), text.substr(0, text.size() - 1), text + "canary"}) {
    const Status status = refusal(bad);
    CHECK(status.code() == WEIR_E_DATA);
    CHECK(status.message() == "it is damaged");
  }
  std::string later = text;
  later.replace(later.find("\"v\":1"), 5, "\"v\":2");
  CHECK(refusal(later).message() == "it is encrypted in a way that this release does not know (v 2)");
}
