#include <catch2/catch.hpp>

#include "bench.h"

using namespace weir::host;
using namespace weir::host::abi;

namespace {

/// Runs `body` in apply with the handle of the first record.
void in_apply(Bench& bench, const std::function<void(const weir_host*, weir_record*)>& body) {
  bench.hooks.apply = [&](const weir_batch* batch, weir_output*) {
    body(bench.hooks.host, batch->records[0]);
    return WEIR_OK;
  };
  const auto made = bench.transform();
  REQUIRE(made.instance != nullptr);
  REQUIRE(bench.apply(*made.instance).ok());
}

}  // namespace

TEST_CASE("bytes are copied in and null is not empty") {
  Bench bench;
  Record& record = bench.add("old");
  std::string text = "fresh";
  in_apply(bench, [&](const weir_host* host, weir_record* handle) {
    CHECK(view(host->bytes(handle, WEIR_VALUE)) == "old");
    CHECK(host->bytes(handle, WEIR_KEY).ptr == nullptr);
    CHECK(host->bytes(handle, 5).ptr == nullptr);
    CHECK(host->bytes(nullptr, WEIR_VALUE).ptr == nullptr);
    CHECK(host->set_bytes(handle, WEIR_VALUE, str(text)) == WEIR_OK);
    CHECK(host->set_bytes(handle, WEIR_KEY, str("")) == WEIR_OK);
    CHECK(host->set_bytes(handle, -1, str("")) == WEIR_E_USAGE);
  });
  text = "stale";
  CHECK(view(record.value()) == "fresh");
  CHECK_FALSE(is_null(record.key()));
  in_apply(bench, [&](const weir_host* host, weir_record* handle) {
    CHECK(host->set_bytes(handle, WEIR_VALUE, kNullBytes) == WEIR_OK);
  });
  CHECK(is_null(record.value()));
}

TEST_CASE("a record takes at most a quarter of the memory") {
  Bench bench;
  Record& record = bench.add("old");
  const std::string large(bench.memory.record_limit() + 1, 'x');
  in_apply(bench, [&](const weir_host* host, weir_record* handle) {
    CHECK(host->set_bytes(handle, WEIR_VALUE, str(large)) == WEIR_E_DATA);
    host->fail(handle, WEIR_E_DATA, nullptr, nullptr);
  });
  REQUIRE(record.failure != nullptr);
  CHECK(std::string_view(record.failure->reason) == "a record takes at most a quarter of the pipeline's memory");
}

TEST_CASE("topic, partition and timestamp are set within their range") {
  Bench bench;
  Record& record = bench.add("v");
  in_apply(bench, [](const weir_host* host, weir_record* handle) {
    CHECK(host->topic(handle).ptr == nullptr);
    CHECK(host->partition(handle) == -1);
    CHECK(host->timestamp_ms(handle) == -1);
    CHECK(host->set_topic(handle, str("t")) == WEIR_OK);
    CHECK(host->set_partition(handle, 3) == WEIR_OK);
    CHECK(host->set_partition(handle, -2) == WEIR_E_USAGE);
    CHECK(host->set_timestamp_ms(handle, 99) == WEIR_OK);
    CHECK(host->set_timestamp_ms(handle, -5) == WEIR_E_USAGE);
    CHECK(view(host->topic(handle)) == "t");
  });
  CHECK(record.partition == 3);
  CHECK(record.timestamp_ms == 99);
}

TEST_CASE("headers are added, listed and removed, but not the host's own") {
  Bench bench;
  Record& record = bench.add("v");
  record.add_header("__weir.errors.code", bytes_of("E_DATA"));
  in_apply(bench, [](const weir_host* host, weir_record* handle) {
    CHECK(host->header_add(handle, str("a"), str("1")) == WEIR_OK);
    CHECK(host->header_add(handle, str("a"), kNullBytes) == WEIR_OK);
    CHECK(host->header_add(handle, str("__weir.errors.code"), str("forged")) == WEIR_E_USAGE);
    CHECK(host->header_add(handle, kNullBytes, str("x")) == WEIR_E_USAGE);
    CHECK(host->header_count(handle) == 3);
    weir_str name{};
    weir_str value{};
    CHECK(host->header_at(handle, 2, &name, &value) == WEIR_OK);
    CHECK(view(name) == "a");
    CHECK(value.ptr == nullptr);
    CHECK(host->header_at(handle, 3, &name, &value) == WEIR_NOT_FOUND);
    CHECK(host->header_at(handle, 0, nullptr, &value) == WEIR_E_USAGE);
    CHECK(host->header_remove(handle, str("a")) == 2);
    CHECK(host->header_remove(handle, str("__weir.errors.code")) == 0);
  });
  CHECK(record.headers.count == 1);
}

TEST_CASE("a sink reads on any thread and changes nothing") {
  Bench bench;
  Record& record = bench.add("v");
  bench.hooks.put = [&](const weir_batch* batch, std::uint32_t* taken) {
    const weir_host* host = bench.hooks.host;
    CHECK(view(host->bytes(batch->records[0], WEIR_VALUE)) == "v");
    CHECK(host->set_bytes(batch->records[0], WEIR_VALUE, str("x")) == WEIR_E_USAGE);
    CHECK(host->set_topic(batch->records[0], str("x")) == WEIR_E_USAGE);
    CHECK(host->clone(batch->records[0]) == nullptr);
    host->drop(batch->records[0]);
    host->fail(batch->records[0], WEIR_E_DATA, "no", nullptr);
    *taken = 1;
    return WEIR_OK;
  };
  const auto made = bench.sink();
  std::size_t taken = 0;
  const auto records = bench.live();
  CHECK(made.instance->put(records, taken).ok());
  CHECK(taken == 1);
  CHECK(record.fate == Fate::live);
  CHECK(view(record.value()) == "v");
}
