#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>

#include "rig.h"

using namespace weir::host;
using fake::numbered;
using fake::quick_settings;
using fake::Rig;
using Values = std::vector<std::string>;
using HeaderList = std::vector<std::pair<std::string, std::string>>;

namespace {

/// Changes every value, adds a header and a topic, then fails those that were in `bad`.
fake::Transform::Apply fail_after_change(std::vector<std::string> bad) {
  return [bad = std::move(bad)](std::span<Record* const> records, Slice&) {
    for (Record* record : records) {
      const std::string value = fake::value_of(*record);
      fake::set_value(*record, "changed " + value);
      record->add_header("added", bytes_of("by the transform"));
      record->topic = bytes_of("elsewhere");
      if (std::find(bad.begin(), bad.end(), value) != bad.end())
        record->fail(WEIR_E_DATA, "not as it should be", "user.email");
    }
    return Status();
  };
}

PipelineSettings strict_settings() {
  auto settings = quick_settings();
  settings.tolerate_bad_records = false;
  return settings;
}

}  // namespace

TEST_CASE("a bad record goes to the dead letter sink as the source gave it, with headers that say why and from where") {
  Rig rig(quick_settings(), numbered(4));
  rig.add("judge", fail_after_change({"2"}));
  fake::Sink& dead = rig.add_dead_letter();
  CHECK(rig.run().state == RunState::finished);
  CHECK(rig.sink.delivered == Values{"changed 0", "changed 1", "changed 3"});
  CHECK(dead.delivered == Values{"2"});
  REQUIRE(dead.headers.size() == 1);
  CHECK(dead.headers[0] == HeaderList{{"__weir.errors.pipeline", "tested"},
                                      {"__weir.errors.transform", "judge"},
                                      {"__weir.errors.code", "E_DATA"},
                                      {"__weir.errors.message", "not as it should be"},
                                      {"__weir.errors.field", "user.email"},
                                      {"__weir.errors.topic", "elsewhere"},
                                      {"__weir.errors.partition", "p"},
                                      {"__weir.errors.offset", "3"}});
  CHECK(rig.ledger().dead_lettered == 1);
  CHECK(rig.ledger().delivered == 3);
  CHECK(rig.ledger().balanced());
  CHECK(rig.position() == "4");
}

TEST_CASE("in a pipeline with a privacy transform a dead letter has no payload, no key and no headers but the host's") {
  auto settings = quick_settings();
  settings.privacy = true;
  auto events = numbered(2);
  events[1].key = "someone";
  Rig rig(settings, events);
  rig.add("judge", fail_after_change({"1"}), WEIR_PRIVACY);
  fake::Sink& dead = rig.add_dead_letter();
  bool key_is_null = false;
  dead.verdict = [&](const Record& record) {
    key_is_null = is_null(record.key());
    return WEIR_OK;
  };
  CHECK(rig.run().state == RunState::finished);
  CHECK(dead.delivered == Values{"<null>"});
  CHECK(key_is_null);
  REQUIRE(dead.headers.size() == 1);
  for (const auto& [name, value] : dead.headers[0]) {
    CHECK(name.starts_with("__weir.errors."));
    CHECK(name != "__weir.errors.topic");
    CHECK(value.find("changed") == std::string::npos);
  }
}

namespace {

/// Shows what it was given, so a test can see it; `size` bytes at least.
class OpenSeal final : public LetterSeal {
 public:
  explicit OpenSeal(int& made, std::size_t size = 0) : made_(made), size_(size) {}
  std::string seal(const Record& record, Bytes topic) override {
    ++made_;
    std::string text("sealed ");
    text.append(is_null(record.original[WEIR_KEY]) ? "no key" : view(record.original[WEIR_KEY]));
    text.append(" ").append(view(record.original[WEIR_VALUE])).append(" ").append(view(topic));
    return text + std::string(size_ > text.size() ? size_ - text.size() : 0, '.');
  }

 private:
  int& made_;
  std::size_t size_;
};

fake::Transform::Apply fail_all() {
  return [](std::span<Record* const> records, Slice&) {
    for (Record* record : records) record->fail(WEIR_E_DATA, "bad");
    return Status();
  };
}

}  // namespace

TEST_CASE("a sealed dead letter holds its original in its value, and nothing else of it") {
  for (const bool privacy : {false, true}) {
    auto settings = quick_settings();
    settings.privacy = privacy;
    auto events = numbered(3);
    events[1].key = "someone";
    Rig rig(settings, events);
    rig.add("judge", fail_after_change({"0", "1"}), privacy ? WEIR_PRIVACY : 0u);
    fake::Sink& dead = rig.add_dead_letter();
    int made = 0;
    rig.set_seal(std::make_unique<OpenSeal>(made));
    bool key_is_null = true;
    dead.verdict = [&](const Record& record) {
      key_is_null = key_is_null && is_null(record.key());
      return WEIR_OK;
    };
    CHECK(rig.run().state == RunState::finished);
    CHECK(dead.delivered == Values{"sealed no key 0 elsewhere", "sealed someone 1 elsewhere"});
    CHECK(key_is_null);
    REQUIRE(dead.headers.size() == 2);
    CHECK(dead.headers[0] == HeaderList{{"__weir.errors.pipeline", "tested"},
                                        {"__weir.errors.transform", "judge"},
                                        {"__weir.errors.code", "E_DATA"},
                                        {"__weir.errors.message", "not as it should be"},
                                        {"__weir.errors.field", "user.email"},
                                        {"__weir.errors.partition", "p"},
                                        {"__weir.errors.offset", "1"},
                                        {"__weir.errors.payload", "encrypted"}});
    CHECK(rig.ledger().dead_lettered == 2);
  }
}

TEST_CASE("sealed values are made once, and only so many at a time as may be there") {
  auto settings = quick_settings();
  settings.memory = 1 << 20;  // a quarter of it for sealed values
  Rig rig(settings, numbered(40));
  rig.add("judge", fail_all());
  fake::Sink& dead = rig.add_dead_letter();
  int made = 0;
  rig.set_seal(std::make_unique<OpenSeal>(made, 100'000));
  std::size_t most = 0;
  dead.acks_at_once = false;
  dead.on_put = [&](fake::Sink& sink) { most = std::max(most, sink.held.size()); };
  dead.on_service = [](fake::Sink& sink) { sink.ack_all(); };
  CHECK(rig.run().state == RunState::finished);
  CHECK(made == 40);
  CHECK(rig.ledger().dead_lettered == 40);
  CHECK(most == 3);  // of 100 kB: the third one begins below the limit
}

TEST_CASE("a sealed dead letter that was given back is put again as it was") {
  Rig rig(quick_settings(), numbered(3));
  rig.add("judge", fail_all());
  fake::Sink& dead = rig.add_dead_letter();
  int made = 0;
  rig.set_seal(std::make_unique<OpenSeal>(made));
  int refusals = 1;
  dead.verdict = [&](const Record&) { return refusals-- > 0 ? WEIR_E_RETRY : WEIR_OK; };
  CHECK(rig.run().state == RunState::finished);
  CHECK(dead.delivered == Values{"sealed no key 1 ", "sealed no key 2 ", "sealed no key 0 "});
  CHECK(made == 3);
}

TEST_CASE("a dead letter counts only when it was acknowledged") {
  Rig rig(quick_settings(), numbered(3));
  rig.add("judge", fail_after_change({"0"}));
  fake::Sink& dead = rig.add_dead_letter();
  dead.acks_at_once = false;
  rig.sink.on_put = [&](fake::Sink& sink) {
    if (sink.delivered.size() == 2) rig.request_stop();
  };
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::stopped);
  CHECK(dead.offered == Values{"0"});
  CHECK(rig.ledger().dead_lettered == 0);
  CHECK(rig.ledger().in_flight == 1);
  CHECK(rig.ledger().balanced());
  CHECK(rig.position().empty());
}

TEST_CASE("a dead letter sink that is full stops the polling") {
  Rig rig(quick_settings(), numbered(100));
  rig.source.per_poll = 1;
  rig.add("judge", [](std::span<Record* const> records, Slice&) {
    for (Record* record : records) record->fail(WEIR_E_DATA, "bad");
    return Status();
  });
  fake::Sink& dead = rig.add_dead_letter();
  dead.acks_at_once = false;
  dead.capacity = 2;
  std::size_t polled_while_full = 0;
  rig.source.on_poll = [&] {
    polled_while_full = std::max(polled_while_full, rig.source.next - dead.delivered.size());
  };
  int rounds = 0;
  dead.on_service = [&](fake::Sink& sink) {
    if (++rounds % 3 == 0 && !sink.held.empty()) sink.ack();
  };
  CHECK(rig.run().state == RunState::finished);
  CHECK(dead.delivered.size() == 100);
  CHECK(rig.ledger().dead_lettered == 100);
  CHECK(polled_while_full <= 2);
}

TEST_CASE("a dead letter sink that gives records back gets them again in order") {
  Rig rig(quick_settings(), numbered(4));
  rig.add("judge", fail_after_change({"0", "1", "2", "3"}));
  fake::Sink& dead = rig.add_dead_letter();
  dead.acks_at_once = false;
  dead.on_service = [](fake::Sink& sink) {
    if (sink.starts > 1 || sink.held.size() < 4) return sink.starts > 1 ? sink.ack_all() : void();
    sink.ack(WEIR_OK, "", 1);
    sink.ack_all(WEIR_E_RETRY);
  };
  CHECK(rig.run().state == RunState::finished);
  CHECK(dead.offered == Values{"0", "1", "2", "3", "0", "2", "3"});
  CHECK(rig.ledger().dead_lettered == 4);
  CHECK(rig.ledger().balanced());
}

TEST_CASE("a dead letter sink that fails or refuses a record fails the pipeline, and nothing is lost") {
  for (const weir_status status : {WEIR_E_FATAL, WEIR_E_DATA}) {
    Rig rig(quick_settings(), numbered(3));
    rig.add("judge", fail_after_change({"1"}));
    rig.add_dead_letter().verdict = [status](const Record&) { return status; };
    const Outcome outcome = rig.run();
    CHECK(outcome.state == RunState::failed);
    CHECK(outcome.error == "the dead letter sink did not take a record: refused by the fake");
    CHECK(rig.ledger().in_flight >= 1);
    CHECK(rig.ledger().balanced());
    CHECK((rig.position().empty() || rig.position() == "1"));
  }
}

namespace {

/// Keeps what it is given, as "value partition/offset", or fails.
struct KeptOverflow final : Overflow {
  Status keep(std::span<const DeadLetter> letters) override {
    ++calls;
    if (!answer.ok()) return answer;
    for (const DeadLetter& letter : letters)
      kept.push_back(fake::value_of(*letter.record) + " " + std::string(letter.partition) + "/" +
                     std::string(letter.offset));
    return {};
  }
  std::string place() const override { return "the overflow"; }
  Values kept;
  Status answer;
  int calls = 0;
};

}  // namespace

TEST_CASE("a dead letter that its sink refuses is kept in the overflow, with an alarm, and counts as dead-lettered") {
  const unsigned long alarms = alarm_count("dead_letter_overflow");
  Rig rig(quick_settings(), numbered(6));
  KeptOverflow overflow;
  rig.set_overflow(overflow);
  rig.add("judge", fail_after_change({"1", "2", "4"}));
  fake::Sink& dead = rig.add_dead_letter();
  dead.verdict = [](const Record& record) { return fake::value_of(record) == "2" ? WEIR_OK : WEIR_E_DATA; };
  CHECK(rig.run().state == RunState::finished);
  CHECK(dead.delivered == Values{"2"});
  CHECK(overflow.kept == Values{"1 p/2", "4 p/5"});
  CHECK(rig.figures().overflowed == 2);
  CHECK(rig.ledger().dead_lettered == 3);
  CHECK(rig.ledger().balanced());
  CHECK(rig.position() == "6");
  CHECK(alarm_count("dead_letter_overflow") > alarms);
}

TEST_CASE("an overflow that cannot keep a dead letter fails the pipeline, and nothing is lost") {
  Rig rig(quick_settings(), numbered(3));
  KeptOverflow overflow;
  overflow.answer = Status::fatal("cannot write 'x': No space left on device");
  rig.set_overflow(overflow);
  rig.add("judge", fail_after_change({"1"}));
  rig.add_dead_letter().verdict = [](const Record&) { return WEIR_E_DATA; };
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error == "the dead letter sink refused a record, and cannot write 'x': No space left on device");
  CHECK(overflow.calls == 1);
  CHECK(rig.ledger().dead_lettered == 0);
  CHECK(rig.ledger().in_flight >= 1);
  CHECK(rig.ledger().balanced());
  CHECK((rig.position().empty() || rig.position() == "1"));
}

TEST_CASE("errors tolerated without a dead letter sink: bad records are dropped, counted, and settle") {
  Rig rig(quick_settings(), numbered(5));
  rig.add("judge", fail_after_change({"1", "3"}));
  CHECK(rig.run().state == RunState::finished);
  CHECK(rig.ledger().dropped == 2);
  CHECK(rig.ledger().delivered == 3);
  CHECK(rig.ledger().balanced());
  CHECK(rig.position() == "5");
}

TEST_CASE(
    "with tolerance none the first bad record stops the pipeline: what is before it is delivered, nothing behind it "
    "is") {
  Rig rig(strict_settings(), numbered(12));
  rig.source.per_poll = 3;
  rig.add("judge", fail_after_change({"4", "7"}));
  fake::Sink& dead = rig.add_dead_letter();
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error ==
        "a bad record and errors are not tolerated: E_DATA in judge: not as it should be, at user.email, partition p "
        "offset 5");
  CHECK(rig.sink.delivered == Values{"changed 0", "changed 1", "changed 2", "changed 3"});
  CHECK(dead.offered.empty());
  CHECK(rig.position() == "4");
  CHECK(rig.ledger().in_flight == 2);
  CHECK(rig.ledger().balanced());
}

TEST_CASE("a record the sink refuses is bad in the stage called sink") {
  Rig rig(quick_settings(), numbered(4));
  rig.sink.verdict = [](const Record& record) { return fake::value_of(record) == "1" ? WEIR_E_DATA : WEIR_OK; };
  fake::Sink& dead = rig.add_dead_letter();
  CHECK(rig.run().state == RunState::finished);
  CHECK(dead.delivered == Values{"1"});
  REQUIRE(dead.headers.size() == 1);
  CHECK(dead.headers[0][1] ==
        std::pair<std::string, std::string>{"__weir.errors.code", "E_DATA"});  // no transform failed
  CHECK(dead.headers[0][2].second == "refused by the fake");
  CHECK(rig.ledger().delivered == 3);

  Rig strict(strict_settings(), numbered(40));
  strict.source.per_poll = 1;
  strict.sink.verdict = [](const Record& record) { return fake::value_of(record) == "1" ? WEIR_E_DATA : WEIR_OK; };
  const Outcome outcome = strict.run();
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error.find("E_DATA in sink: refused by the fake, partition p offset 2") != std::string::npos);
  CHECK(strict.sink.offered == Values{"0", "1"});
  CHECK(strict.position() == "1");
}

TEST_CASE("a record that a sink refuses in put with a path is a dead letter that names it") {
  Rig rig(quick_settings(), numbered(2));
  rig.sink.verdict = [](const Record& record) {
    if (fake::value_of(record) != "1") return WEIR_OK;
    auto& refused = const_cast<Record&>(record);
    refused.failure = record.slice->arena().make<Failure>(Failure{WEIR_E_DATA, fake::kRefusal, "mpid", false, {}});
    return WEIR_E_DATA;
  };
  fake::Sink& dead = rig.add_dead_letter();
  CHECK(rig.run().state == RunState::finished);
  REQUIRE(dead.headers.size() == 1);
  CHECK(dead.headers[0][3] == std::pair<std::string, std::string>{"__weir.errors.field", "mpid"});
  CHECK(rig.ledger().delivered == 1);
  CHECK(rig.ledger().balanced());
}

TEST_CASE("with tolerance none nothing that waits overtakes a record the sink refused") {
  Rig rig(strict_settings(), numbered(4));
  rig.sink.acks_at_once = false;
  rig.sink.capacity = 2;
  rig.sink.on_service = [](fake::Sink& sink) {
    if (sink.held.size() < 2) return sink.ack_all();
    sink.ack(WEIR_E_DATA, "too large");
    sink.ack();
  };
  CHECK(rig.run().state == RunState::failed);
  CHECK(rig.sink.offered == Values{"0", "1"});
  CHECK(rig.position().empty());
  CHECK(rig.ledger().in_flight == 3);
  CHECK(rig.ledger().balanced());
}

TEST_CASE("a record the source itself found bad is a dead letter that names no transform") {
  auto events = numbered(3);
  events[1].bad = true;
  events[1].tombstone = true;
  Rig rig(quick_settings(), events);
  std::size_t seen = 0;
  rig.add("count", [&](std::span<Record* const> records, Slice&) {
    seen += records.size();
    return Status();
  });
  fake::Sink& dead = rig.add_dead_letter();
  CHECK(rig.run().state == RunState::finished);
  CHECK(seen == 2);
  CHECK(dead.delivered == Values{"<null>"});
  for (const auto& [name, value] : dead.headers.at(0)) CHECK(name != "__weir.errors.transform");
}

TEST_CASE("where a record without a stored position came from is told, and stays unstored") {
  auto events = numbered(2, "");
  events[1].bad = true;
  Rig rig(quick_settings(), events);
  fake::Sink& dead = rig.add_dead_letter();
  CHECK(rig.run().state == RunState::finished);
  CHECK(dead.headers.at(0).back() == std::pair<std::string, std::string>{"__weir.errors.offset", "2"});
  for (const auto& [name, value] : dead.headers.at(0)) CHECK(name != "__weir.errors.partition");
  CHECK(rig.stored().positions.empty());

  auto settings = strict_settings();
  Rig strict(settings, events);
  CHECK(strict.run().error.ends_with("the source found it bad, offset 2"));
}

TEST_CASE("error headers of an earlier life are replaced") {
  Rig rig(quick_settings(), numbered(1));
  rig.add("judge", [](std::span<Record* const> records, Slice&) {
    for (Record* record : records) {
      record->add_header("__weir.errors.code", bytes_of("OLD"));
      record->add_header("mine", bytes_of("kept"));
      record->seal();  // as if the source had given them
      record->fail(WEIR_E_DATA, "bad");
    }
    return Status();
  });
  fake::Sink& dead = rig.add_dead_letter();
  CHECK(rig.run().state == RunState::finished);
  const HeaderList& headers = dead.headers.at(0);
  CHECK(headers.front() == std::pair<std::string, std::string>{"mine", "kept"});
  CHECK(std::count_if(headers.begin(), headers.end(),
                      [](const auto& header) { return header.first == "__weir.errors.code"; }) == 1);
}
