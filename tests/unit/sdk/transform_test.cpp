#include <catch2/catch.hpp>
#include <functional>
#include <weir/testing.hpp>

namespace {

using weir::testing::Message;
using weir::testing::Transform;

std::vector<Message> messages(std::initializer_list<const char*> values) {
  std::vector<Message> all;
  for (const char* value : values) all.push_back({.value = value});
  return all;
}

/// Throws what the value says.
struct Thrower {
  static constexpr auto name = "thrower";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Throws.";
  void apply(weir::Record& record) {
    const auto value = record.value_bytes().value();
    if (value == "data") throw weir::DataError("bad data");
    if (value == "retry") throw weir::RetryError("not now");
    if (value == "fatal") throw weir::FatalError("never");
    if (value == "std") throw std::runtime_error("holds what nobody may see");
    if (value == "int") throw 7;
  }
};

TEST_CASE("what apply throws fails that record only") {
  Transform<Thrower> thrower;
  const auto outcome = thrower.run(messages({"1", "data", "2", "std", "int", "3"}));
  REQUIRE(outcome.failures.size() == 3);
  CHECK(outcome.failures[0].reason == "bad data");
  CHECK(outcome.failures[1].reason == "the plugin threw std::runtime_error");  // never its text
  CHECK(outcome.failures[2].reason == "the plugin threw int");
  REQUIRE(outcome.records.size() == 3);
  CHECK(outcome.records[2].value == "3");
}

TEST_CASE("values are run together as a list of texts") {
  Transform<Thrower> thrower;
  const auto outcome = thrower.run({"1", "2"});
  REQUIRE(outcome.records.size() == 2);
  CHECK(outcome.records[1].value == "2");
  CHECK_FALSE(outcome.records[0].key);
  CHECK(thrower.run({"1"}).value() == "1");
  CHECK(thrower.run({{.value = "1"}, {.value = "2"}}).records.size() == 2);
}

TEST_CASE("a retry is passed on before anything was touched, and stops the task after") {
  Transform<Thrower> thrower;
  CHECK_THROWS_AS(thrower.run(messages({"retry", "1"})), weir::RetryError);
  CHECK_THROWS_AS(thrower.run(messages({"1", "retry"})), weir::FatalError);
  CHECK_THROWS_AS(thrower.run(messages({"1", "fatal"})), weir::FatalError);
}

TEST_CASE("null values pass by a class without tombstones") {
  Transform<Thrower> thrower;
  CHECK_FALSE(thrower.run(Message{}).only().value);
}

struct Batcher {
  static constexpr auto name = "batcher";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Takes whole slices.";
  void apply(weir::Batch& batch) { work(batch); }
  std::function<void(weir::Batch&)> work;
};

TEST_CASE("a batch is walked in order") {
  Transform<Batcher> batcher;
  std::string seen;
  batcher.object().work = [&](weir::Batch& batch) {
    CHECK(batch.size() == 3);
    for (weir::Record record : batch) seen += *record.value_bytes();
    seen += *batch[1].value_bytes();
  };
  batcher.run(messages({"a", "b", "c"}));
  CHECK(seen == "abcb");
}

TEST_CASE("what apply throws over a batch fails the batch") {
  Transform<Batcher> batcher;
  batcher.object().work = [](weir::Batch&) { throw weir::DataError("all bad"); };
  const auto outcome = batcher.run(messages({"1", "2"}));
  REQUIRE(outcome.failures.size() == 2);
  CHECK(outcome.failures[1].reason == "all bad");
  batcher.object().work = [](weir::Batch&) { throw weir::RetryError("later"); };
  CHECK_THROWS_AS(batcher.run(messages({"1", "2"})), weir::RetryError);
}

TEST_CASE("a guarded walk over a batch fails single records") {
  Transform<Batcher> batcher;
  batcher.object().work = [](weir::Batch& batch) {
    batch.each([](weir::Record& record) {
      if (record.value_bytes() == "2") throw weir::DataError("not two");
    });
  };
  const auto outcome = batcher.run(messages({"1", "2", "3"}));
  CHECK(outcome.reason() == "not two");
  CHECK(outcome.records.size() == 2);
}

/// Joins values until it is flushed, or the time has come.
struct Joiner {
  static constexpr auto name = "joiner";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Merges records.";
  static constexpr bool holds = true;
  static constexpr bool stateless = false;
  static constexpr bool privacy = true;
  void apply(weir::Record& record) {
    record.hold();
    held.push_back(record);
  }
  std::optional<weir::Timestamp> tick(weir::Emitter& out, weir::Timestamp now) {
    if (held.size() > 1) flush(out);
    return now + std::chrono::seconds(1);
  }
  void flush(weir::Emitter& out) {
    std::string all;
    for (const weir::Record& record : held) all += *record.value_bytes();
    out.emit(held).set_value(all);
    held.clear();
  }
  std::vector<weir::Record> held;
};

TEST_CASE("held records come out as one, by timer and by flush") {
  Transform<Joiner> joiner;
  CHECK(joiner.run(messages({"a", "b"})).held == 2);
  CHECK(joiner.tick(5000).value() == "ab");
  CHECK(joiner.next_tick() == 6000);
  CHECK(joiner.run("c").held == 1);
  CHECK(joiner.tick(6000).records.empty());
  CHECK(joiner.flush().value() == "c");
}

TEST_CASE("more held records than a slice holds come out as one") {
  Transform<Joiner> joiner;
  for (int i = 0; i < 100; ++i) joiner.run("x");
  CHECK(joiner.flush().value() == std::string(100, 'x'));
}

TEST_CASE("capabilities follow the class's constants") {
  const auto joins = weir::detail::Kind<Joiner>::table.capabilities;
  CHECK(joins == (WEIR_READS_DOC | WEIR_MUTATES | WEIR_HOLDS | WEIR_PRIVACY));
  CHECK(weir::detail::Kind<Joiner>::table.tick != nullptr);
  CHECK(weir::detail::Kind<Thrower>::table.flush == nullptr);
}

/// Makes records of its own while it is asked about others.
struct Doubler {
  static constexpr auto name = "doubler";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Emits.";
  void apply(weir::Record& record, weir::Emitter& out) {
    weir::Record made = out.emit({});
    made.set_value(*record.value_bytes() == "1" ? "one" : "many");
  }
};

TEST_CASE("a record made of none goes on after the others") {
  Transform<Doubler> doubler;
  const auto outcome = doubler.run(messages({"1", "2"}));
  REQUIRE(outcome.records.size() == 4);
  CHECK(outcome.records[1].value == "2");
  CHECK(outcome.records[2].value == "one");
  CHECK(outcome.records[3].value == "many");
}

/// Has a life.
struct Opener {
  static constexpr auto name = "opener";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Starts and stops.";
  static constexpr auto fields = weir::fields(weir::required("fail", weir::Type::text, "How."));
  explicit Opener(const weir::Context& config) : log(config.log()), fail(config.text("fail")) {
    if (fail == "create") throw std::runtime_error("hush");
  }
  void start() {
    if (fail == "retry") throw weir::RetryError("not yet");
    if (fail == "config") throw weir::ConfigError("fail", "is no good");
    if (fail == "start") throw std::runtime_error("hush");
    log.info("Started.");
  }
  void stop() {
    if (fail == "stop") throw weir::FatalError("cannot close");
    log.info("Stopped.");
  }
  void apply(weir::Record&) {}
  weir::Log log;
  std::string fail;
};

TEST_CASE("start and stop surround the calls") {
  Transform<Opener> opener(R"({"fail": "no"})");
  opener.run("1");
  opener.stop();
  const auto logs = opener.logs();
  REQUIRE(logs.size() == 2);
  CHECK(logs[0].text == "Started.");
  CHECK(logs[1].text == "Stopped.");
}

TEST_CASE("what start throws keeps its meaning") {
  Transform<Opener> retry(R"({"fail": "retry"})");
  CHECK_THROWS_AS(retry.start(), weir::RetryError);
  Transform<Opener> config(R"({"fail": "config"})");
  CHECK_THROWS_AS(config.start(), weir::ConfigError);
}

TEST_CASE("texts of foreign exceptions stay inside, their type does not") {
  Transform<Opener> start(R"({"fail": "start"})");
  CHECK_THROWS_WITH(start.start(), "threw std::runtime_error");
  CHECK_THROWS_WITH(Transform<Opener>(R"({"fail": "create"})"), "threw std::runtime_error");
}

TEST_CASE("what stop throws goes to the log") {
  Transform<Opener> opener(R"({"fail": "stop"})");
  opener.start();
  opener.stop();
  CHECK(opener.logs().back().text == "cannot close");
  CHECK(opener.logs().back().level == WEIR_LOG_ERROR);
}

/// Writes texts in capitals, at every place a path names.
struct Upper {
  static constexpr auto name = "upper";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Writes texts in capitals.";
  static constexpr auto fields =
      weir::fields(weir::places(weir::required("field", weir::Type::path, "Path of the texts, such as items[*].sku.")));
  explicit Upper(const weir::Context& config) : field(config.path("field")) {}

  void apply(weir::Record& record) {
    record.value().rewrite(field, [this](std::string_view, const weir::Value& value) {
      if (!value.is_text()) return weir::Edit::keep();
      upper = *value.text();
      for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      return weir::Edit::text(upper);
    });
  }
  weir::Path field;
  std::string upper;  // lives while rewrite looks at it
};

/// One record for each element of a list: {"events": [{"a":1},{"a":2}]} becomes {"a":1} and {"a":2}.
struct Split {
  static constexpr auto name = "split";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Makes a record of each element of a list.";
  static constexpr auto fields = weir::fields(weir::required("list", weir::Type::path, "Path of the list."));
  explicit Split(const weir::Context& config)
      : elements(config.compile(config.text("list") + "[*]", weir::Use::read_text)) {}

  void apply(weir::Record& record) {
    std::vector<std::string_view> found;  // JSON texts inside the record: good until apply returns
    record.value().match(elements,
                         [&](std::string_view, const weir::Value& element) { found.push_back(*element.json()); });
    if (found.empty()) return;
    for (const std::string_view json : found) record.clone().set_value(json);
    record.drop();
  }
  weir::Path elements;
};

TEST_CASE("a path of many places is edited at each of them") {
  Transform<Upper> upper(R"({"field": "items[*].sku"})");
  CHECK(upper.run(R"({"items":[{"sku":"a-1"}, {"sku":7}, {"sku":"b"}]})").value() ==
        R"({"items":[{"sku":"A-1"}, {"sku":7}, {"sku":"B"}]})");
}

TEST_CASE("each element of a list becomes a record, byte for byte") {
  Transform<Split> split(R"({"list": "events"})");
  const auto outcome = split.run(R"({"events":[{"a": 1.0}, "\ud800", null]})");
  REQUIRE(outcome.records.size() == 3);
  CHECK(outcome.records[0].value == R"({"a": 1.0})");
  CHECK(outcome.records[1].value == R"("\ud800")");
  CHECK(outcome.records[2].value == "null");
  CHECK(outcome.dropped == 1);
  CHECK(split.run(R"({"events":[]})").value() == R"({"events":[]})");
  CHECK_THROWS_AS(Transform<Split>(R"({"list": "events.*"})"), weir::ConfigError);
}

}  // namespace
