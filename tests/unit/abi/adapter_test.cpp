#include <catch2/catch.hpp>

#include "bench.h"

using namespace weir::host;
using namespace weir::host::abi;

namespace {

Status apply_returning(Bench& bench, weir_status status, std::string_view explanation = {}) {
  bench.hooks.apply = [&bench, status, explanation](const weir_batch*, weir_output*) {
    if (!explanation.empty()) bench.hooks.host->set_error(bench.hooks.ctx, kNullBytes, str(explanation));
    return status;
  };
  const auto made = bench.transform();
  return bench.apply(*made.instance);
}

}  // namespace

TEST_CASE("what apply throws fails every live record of the batch and every clone it made") {
  Bench bench;
  Record& one = bench.add("1");
  Record& two = bench.add("2");
  bench.hooks.apply = [&](const weir_batch* batch, weir_output*) -> weir_status {
    bench.hooks.host->clone(batch->records[0]);
    bench.hooks.host->drop(batch->records[1]);
    throw std::runtime_error("canary");
  };
  const auto made = bench.transform();
  CHECK(bench.apply(*made.instance).ok());
  CHECK(one.fate == Fate::failed);
  CHECK(two.fate == Fate::filtered);
  REQUIRE(bench.slice.records().size() == 3);
  CHECK(bench.slice.records()[1]->fate == Fate::failed);
  CHECK(std::string_view(one.failure->reason) == "transform threw an exception");
  CHECK(one.failure->status == WEIR_E_DATA);
}

TEST_CASE("apply may ask for the same call again only when it touched nothing") {
  Bench bench;
  bench.add("1");
  CHECK(apply_returning(bench, WEIR_E_RETRY).code() == WEIR_E_RETRY);
  bench.hooks.apply = [&](const weir_batch* batch, weir_output*) {
    bench.hooks.host->set_partition(batch->records[0], 1);
    return WEIR_E_RETRY;
  };
  const auto made = bench.transform();
  const Status status = bench.apply(*made.instance);
  CHECK(status.code() == WEIR_E_FATAL);
  CHECK(status.message() ==
        "transform 'hooked' broke the plugin contract: apply returned E_RETRY after it had changed something");
}

TEST_CASE("a status that is no answer of apply is a broken contract") {
  Bench bench;
  bench.add("1");
  const weir_status wrong = GENERATE(WEIR_END, WEIR_NOT_FOUND, WEIR_E_USAGE, WEIR_E_CONFIG, 12345, -99);
  const Status status = apply_returning(bench, wrong);
  CHECK(status.code() == WEIR_E_FATAL);
  CHECK(status.message().starts_with("transform 'hooked' broke the plugin contract: apply returned "));
}

TEST_CASE("a batch refused as data is a batch of failed records") {
  Bench bench;
  Record& record = bench.add("1");
  CHECK(apply_returning(bench, WEIR_E_DATA).ok());
  CHECK(record.fate == Fate::failed);
}

TEST_CASE("an explanation leaves, but not from apply in a pipeline that protects people") {
  Bench bench;
  bench.add("1");
  CHECK(apply_returning(bench, WEIR_E_FATAL, "the table is gone").message() == "transform 'hooked': the table is gone");
  Bench guarded;
  guarded.privacy = true;
  guarded.add("1");
  CHECK(apply_returning(guarded, WEIR_E_FATAL, "canary").message() == "transform 'hooked' returned E_FATAL from apply");
}

TEST_CASE("a secret of the configuration is masked wherever a plugin's text leaves") {
  Bench bench;
  spec::Value secret = text_value("hunter2-and-more");
  secret.secret = true;
  spec::Value shorter = text_value("hunter2");
  shorter.secret = true;
  spec::Value map = object_value({{"sasl.password", secret}, {"short", shorter}, {"plain", text_value("visible")}});
  bench.fields = object_value({{"config", map}});
  const auto made = bench.sink();
  bench.hooks.start = [&] {
    bench.hooks.host->set_error(bench.hooks.ctx, kNullBytes,
                                str("log in with hunter2-and-more and hunter2 to visible failed: hunter2"));
    return WEIR_E_FATAL;
  };
  CHECK(made.instance->start().message() == "sink 'hooked': log in with *** and *** to visible failed: ***");
}

TEST_CASE("a transform without tick, flush and start has nothing to do there") {
  Bench bench;
  hooked::making = &bench.hooks;
  const weir_transform table{offsetof(weir_transform, tick),
                             0,
                             hooked::create,
                             hooked::destroy,
                             nullptr,
                             hooked::apply,
                             hooked::tick,
                             hooked::flush,
                             hooked::nothing,
                             nullptr};
  const auto made = make_transform(Bench::component(WEIR_TRANSFORM, table), bench.instance_home());
  REQUIRE(made.instance != nullptr);
  std::int64_t next = -1;
  // The hook of tick is empty and would throw: a slot beyond struct_size is not called.
  CHECK(made.instance->start().ok());
  CHECK(made.instance->tick(bench.slice, 0, next).ok());
  CHECK(made.instance->flush(bench.slice).ok());
  made.instance->stop();
}

TEST_CASE("a flush that throws stops the task and lets nothing half done out") {
  Bench bench;
  const auto made = bench.transform();
  bench.hooks.emit = [&](weir_output* output) -> weir_status {
    bench.hooks.host->emit(output, nullptr, 0);
    throw 1;
  };
  CHECK(made.instance->flush(bench.slice).code() == WEIR_E_FATAL);
  REQUIRE(bench.slice.records().size() == 1);
  CHECK(bench.slice.records()[0]->fate == Fate::failed);
}

TEST_CASE("a predicate chooses, fails what it cannot judge, and changes nothing") {
  Bench bench;
  bench.add("1");
  Record& bad = bench.add("2");
  bench.hooks.test = [&](const weir_batch* batch, std::uint8_t* matches) {
    matches[0] = 1;
    CHECK(bench.hooks.host->set_bytes(batch->records[0], WEIR_VALUE, str("x")) == WEIR_E_USAGE);
    bench.hooks.host->drop(batch->records[0]);
    bench.hooks.host->fail(batch->records[1], WEIR_E_DATA, "cannot be judged", nullptr);
    return WEIR_OK;
  };
  const auto made = bench.predicate();
  std::vector<std::uint8_t> matches{9, 9};
  const auto records = bench.live();
  CHECK(made.instance->test(records, matches).ok());
  CHECK(matches == std::vector<std::uint8_t>{1, 0});
  CHECK(bench.slice.records()[0]->fate == Fate::live);
  CHECK(bad.fate == Fate::failed);
}

TEST_CASE("a predicate that throws fails its records and one that answers neither yes nor no stops the task") {
  Bench bench;
  Record& record = bench.add("1");
  const auto made = bench.predicate();
  std::vector<std::uint8_t> matches{0};
  auto records = bench.live();
  bench.hooks.test = [](const weir_batch*, std::uint8_t* out) {
    out[0] = 2;
    return WEIR_OK;
  };
  CHECK(made.instance->test(records, matches).code() == WEIR_E_FATAL);
  bench.hooks.test = [](const weir_batch*, std::uint8_t*) -> weir_status { throw std::runtime_error("canary"); };
  CHECK(made.instance->test(records, matches).ok());
  REQUIRE(record.failure != nullptr);
  CHECK(std::string_view(record.failure->reason) == "predicate threw an exception");
}

TEST_CASE("what a sink refuses in put is known to the task, and a dead letter keeps what made it one") {
  Bench bench;
  bench.hooks.put = [&](const weir_batch* batch, std::uint32_t* taken) {
    *taken = batch->count;
    for (std::uint32_t i = 0; i < batch->count; ++i)
      bench.hooks.host->fail(batch->records[i], WEIR_E_DATA, "too large", nullptr);
    return WEIR_OK;
  };
  const auto made = bench.sink();
  REQUIRE(made.instance != nullptr);
  Record& live = bench.add("{}");
  Record& dead = bench.add("{}");
  dead.fail(WEIR_E_DATA, "not as it should be", "user.email");
  dead.failure->stage = "judge";
  Record* const records[] = {&live, &dead};
  std::size_t taken = 0;
  CHECK(made.instance->put(records, taken).ok());
  REQUIRE(bench.acks.all.size() == 2);
  for (const auto& ack : bench.acks.all) CHECK((ack.status == WEIR_E_DATA && ack.reason == "too large"));
  CHECK(live.failure->reason == std::string("too large"));
  CHECK(dead.failure->reason == std::string("not as it should be"));
  CHECK(dead.failure->stage == "judge");
  CHECK(dead.failure->at == "user.email");
}

TEST_CASE("a sink that takes more than it was offered breaks the contract") {
  Bench bench;
  bench.add("1");
  const auto made = bench.sink();
  bench.hooks.put = [](const weir_batch* batch, std::uint32_t* taken) {
    *taken = batch->count + 1;
    return WEIR_OK;
  };
  std::size_t taken = 99;
  const auto records = bench.live();
  const Status status = made.instance->put(records, taken);
  CHECK(status.code() == WEIR_E_FATAL);
  CHECK(status.message() == "sink 'hooked' broke the plugin contract: put took 2 of 1 records");
  CHECK(taken == 0);
}

TEST_CASE("what a sink took before it failed stays taken") {
  Bench bench;
  bench.add("1");
  bench.add("2");
  const auto made = bench.sink();
  bench.hooks.put = [](const weir_batch*, std::uint32_t* taken) -> weir_status {
    *taken = 1;
    throw std::runtime_error("canary");
  };
  std::size_t taken = 0;
  const auto records = bench.live();
  const Status status = made.instance->put(records, taken);
  CHECK(status.message() == "sink 'hooked' threw an exception in put");
  CHECK(taken == 1);
}

TEST_CASE("start may ask for later, service and flush may fail") {
  Bench bench;
  const auto made = bench.sink();
  bench.hooks.start = [&] {
    bench.hooks.host->set_error(bench.hooks.ctx, str("config"), str("broker unreachable"));
    return WEIR_E_RETRY;
  };
  const Status status = made.instance->start();
  CHECK(status.code() == WEIR_E_RETRY);
  CHECK(status.message() == "sink 'hooked': config: broker unreachable");
  bench.hooks.wait = [] { return WEIR_E_CONFIG; };
  CHECK(made.instance->service(Milliseconds(1)).code() == WEIR_E_FATAL);
  bench.hooks.wait = []() -> weir_status { throw std::runtime_error("canary"); };
  CHECK(made.instance->flush(Milliseconds(1)).message() == "sink 'hooked' threw an exception in flush");
}

TEST_CASE("an explanation of an earlier call is not told twice") {
  Bench bench;
  const auto made = bench.sink();
  bench.hooks.start = [&] {
    bench.hooks.host->set_error(bench.hooks.ctx, kNullBytes, str("first"));
    return WEIR_E_RETRY;
  };
  CHECK(made.instance->start().message() == "sink 'hooked': first");
  bench.hooks.start = [] { return WEIR_E_RETRY; };
  CHECK(made.instance->start().message() == "sink 'hooked' returned E_RETRY from start");
}
