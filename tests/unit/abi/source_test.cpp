#include <catch2/catch.hpp>
#include <cstring>

#include "bench.h"

using namespace weir::host;
using namespace weir::host::abi;

namespace {

Status poll(Bench& bench, Source& source, std::function<weir_status(weir_output*)> body, PollLimits limits = {}) {
  bench.hooks.poll = std::move(body);
  return source.poll(bench.slice, limits);
}

}  // namespace

TEST_CASE("a source opens origins, appends records and reads into batch memory") {
  Bench bench;
  const auto made = bench.source();
  const weir_host* host = bench.hooks.host;
  CHECK(poll(bench, *made.instance, [&](weir_output* output) {
          char* buffer = host->buffer(output, 16);
          REQUIRE(buffer != nullptr);
          std::memcpy(buffer, "one\ntwo\n", 8);
          for (int i = 0; i < 2; ++i) {
            weir_origin* origin = host->origin(output, str("file"), str(i == 0 ? "4" : "8"), 7);
            weir_record* record = host->append(output, origin);
            REQUIRE(record != nullptr);
            CHECK(host->set_view(record, WEIR_VALUE, {buffer + 4 * i, 3}) == WEIR_OK);
            CHECK(host->set_view(record, WEIR_VALUE, {buffer + 15, 2}) == WEIR_E_USAGE);
            CHECK(host->set_view(record, WEIR_VALUE, str("elsewhere")) == WEIR_E_USAGE);
            CHECK(host->set_view(record, WEIR_VALUE, kNullBytes) == WEIR_E_USAGE);
          }
          return WEIR_OK;
        }).ok());
  REQUIRE(bench.slice.records().size() == 2);
  CHECK(view(bench.slice.records()[1]->value()) == "two");
  const Origin& origin = *bench.slice.records()[1]->origin;
  CHECK(bench.slice.origins()->offset_of(origin) == "8");
  CHECK(origin.token == 7);
  CHECK(bench.positions.lookups == 1);  // the partition is remembered
}

TEST_CASE("append says when the slice is full, by records or by bytes") {
  Bench bench;
  const auto made = bench.source();
  const weir_host* host = bench.hooks.host;
  CHECK(poll(bench, *made.instance,
             [&](weir_output* output) {
               weir_origin* origin = host->origin(output, kNullBytes, kNullBytes, 0);
               CHECK(host->append(output, origin) != nullptr);
               CHECK(host->append(output, origin) != nullptr);
               CHECK(host->append(output, origin) == nullptr);
               return WEIR_OK;
             },
             {2, 100, Milliseconds(0)})
            .ok());
  bench.slice.recycle();
  CHECK(poll(bench, *made.instance,
             [&](weir_output* output) {
               weir_origin* origin = host->origin(output, kNullBytes, kNullBytes, 0);
               weir_record* record = host->append(output, origin);
               CHECK(host->set_bytes(record, WEIR_VALUE, str(std::string(100, 'x'))) == WEIR_OK);
               CHECK(host->append(output, origin) == nullptr);
               return WEIR_OK;
             },
             {64, 100, Milliseconds(0)})
            .ok());
  CHECK(bench.slice.records().size() == 1);
}

TEST_CASE("batch memory is bounded by a quarter of the pipeline's at once and half in one poll") {
  Bench bench;
  const auto made = bench.source();
  const weir_host* host = bench.hooks.host;
  const std::size_t limit = bench.memory.record_limit();
  CHECK(poll(bench, *made.instance, [&](weir_output* output) {
          CHECK(host->buffer(output, limit + 1) == nullptr);
          CHECK(host->buffer(output, static_cast<std::size_t>(-1)) == nullptr);
          CHECK(host->buffer(output, limit) != nullptr);
          CHECK(host->buffer(output, limit) != nullptr);
          CHECK(host->buffer(output, 1) == nullptr);
          return WEIR_OK;
        }).ok());
}

TEST_CASE("after END nothing is appended until the source starts again") {
  Bench bench;
  const auto made = bench.source();
  const weir_host* host = bench.hooks.host;
  CHECK(poll(bench, *made.instance, [](weir_output*) { return WEIR_END; }).code() == WEIR_END);
  CHECK(poll(bench, *made.instance, [&](weir_output* output) {
          CHECK(host->origin(output, kNullBytes, kNullBytes, 0) == nullptr);
          return WEIR_END;
        }).code() == WEIR_END);
  CHECK(made.instance->start().ok());
  CHECK(poll(bench, *made.instance, [&](weir_output* output) {
          CHECK(host->origin(output, kNullBytes, kNullBytes, 0) != nullptr);
          return WEIR_OK;
        }).ok());
}

TEST_CASE("an origin of an earlier poll takes no more records") {
  Bench bench;
  const auto made = bench.source();
  const weir_host* host = bench.hooks.host;
  weir_origin* old = nullptr;
  CHECK(poll(bench, *made.instance, [&](weir_output* output) {
          old = host->origin(output, kNullBytes, kNullBytes, 0);
          return WEIR_OK;
        }).ok());
  bench.slice.origins()->close();
  CHECK(poll(bench, *made.instance, [&](weir_output* output) {
          CHECK(host->append(output, old) == nullptr);
          CHECK(host->append(output, nullptr) == nullptr);
          return WEIR_OK;
        }).ok());
}

TEST_CASE("a poll that throws leaves nothing behind and stops the task") {
  Bench bench;
  const auto made = bench.source();
  const Status status = poll(bench, *made.instance, [&](weir_output* output) -> weir_status {
    weir_origin* origin = bench.hooks.host->origin(output, str("p"), str("1"), 0);
    bench.hooks.host->append(output, origin);
    throw std::runtime_error("canary");
  });
  CHECK(status.code() == WEIR_E_FATAL);
  CHECK(status.message() == "source 'hooked' threw an exception in poll");
  CHECK(bench.slice.records().empty());
  CHECK(bench.slice.origins()->origins().empty());
}

TEST_CASE("a poll's failure keeps what was appended and says what the source said") {
  Bench bench;
  const auto made = bench.source();
  const Status status = poll(bench, *made.instance, [&](weir_output* output) {
    bench.hooks.host->append(output, bench.hooks.host->origin(output, kNullBytes, kNullBytes, 0));
    bench.hooks.host->set_error(bench.hooks.ctx, str(""), str("in.ndjson: is gone"));
    return WEIR_E_FATAL;
  });
  CHECK(status.code() == WEIR_E_FATAL);
  CHECK(status.message() == "source 'hooked': in.ndjson: is gone");
  CHECK(bench.slice.records().size() == 1);
}

TEST_CASE("stored positions are read and revoked on the task's thread") {
  Bench bench;
  bench.positions.offsets["file"] = "42";
  const auto made = bench.source();
  const weir_host* host = bench.hooks.host;
  weir_ctx* ctx = bench.hooks.ctx;
  weir_str offset{};
  bench.hooks.start = [&] {
    CHECK(host->stored(ctx, str("file"), &offset) == WEIR_OK);
    CHECK(view(offset) == "42");
    CHECK(host->stored(ctx, str("other"), &offset) == WEIR_NOT_FOUND);
    CHECK(host->revoke(ctx, str("file"), 10) == WEIR_OK);
    return WEIR_OK;
  };
  CHECK(made.instance->start().ok());
  CHECK(bench.positions.revoked == std::vector<std::string>{"file"});
  CHECK(host->stored(ctx, str("file"), &offset) == WEIR_E_USAGE);  // outside of any call
}
