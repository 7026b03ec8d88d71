#include <catch2/catch.hpp>
#include <thread>

#include "bench.h"

using namespace weir::host;
using namespace weir::host::abi;

namespace {

using Body = std::function<weir_status(const weir_batch*, weir_output*)>;

Status run(Bench& bench, Transform& transform, Body body) {
  bench.hooks.apply = std::move(body);
  return bench.apply(transform);
}

}  // namespace

TEST_CASE("a failure keeps its reason and the path, first one counts") {
  Bench bench;
  Record& record = bench.add("{}");
  const weir_path* path = nullptr;
  bench.hooks.create = [&](weir_ctx* ctx, const weir_host* host) {
    const weir_path* base = host->compile(ctx, WEIR_VALUE, str("user"), WEIR_READ, nullptr);
    path = host->compile(ctx, WEIR_VALUE, str("email"), WEIR_READ, base);
    return WEIR_OK;
  };
  const auto made = bench.transform();
  CHECK(run(bench, *made.instance, [&](const weir_batch* batch, weir_output*) {
          bench.hooks.host->fail(batch->records[0], WEIR_E_DATA, "is odd", path);
          bench.hooks.host->fail(batch->records[0], WEIR_E_DATA, "is odder", nullptr);
          return WEIR_OK;
        }).ok());
  REQUIRE(record.failure != nullptr);
  CHECK(std::string_view(record.failure->reason) == "is odd");
  CHECK(record.failure->at == "user.email");
  CHECK(record.failure->status == WEIR_E_DATA);
}

TEST_CASE("a clone follows its record, shares its bytes and has a document of its own") {
  Bench bench;
  Record& record = bench.add(R"({"a":1})");
  const weir_path* path = nullptr;
  bench.hooks.create = [&](weir_ctx* ctx, const weir_host* host) {
    path = host->compile(ctx, WEIR_VALUE, str("a"), WEIR_READ | WEIR_WRITE, nullptr);
    return WEIR_OK;
  };
  const auto made = bench.transform();
  CHECK(run(bench, *made.instance, [&](const weir_batch* batch, weir_output*) {
          const weir_host* host = bench.hooks.host;
          weir_doc* doc = nullptr;
          CHECK(host->doc(batch->records[0], WEIR_VALUE, &doc) == WEIR_OK);
          CHECK(host->set_json(doc, path, str("2")) == WEIR_OK);
          weir_record* clone = host->clone(batch->records[0]);
          REQUIRE(clone != nullptr);
          CHECK(view(host->bytes(clone, WEIR_VALUE)) == R"({"a":2})");
          weir_doc* copy = nullptr;
          CHECK(host->doc(clone, WEIR_VALUE, &copy) == WEIR_OK);
          CHECK(host->set_json(copy, path, str("3")) == WEIR_OK);
          return WEIR_OK;
        }).ok());
  REQUIRE(bench.slice.records().size() == 2);
  CHECK(bench.value_of(record) == R"({"a":2})");
  CHECK(bench.value_of(*bench.slice.records()[1]) == R"({"a":3})");
}

TEST_CASE("a record that fails takes the clones of the same call with it, and no others") {
  Bench bench;
  Record& earlier = bench.add("0");
  bench.add("1");
  bench.add("2");
  const auto made = bench.transform();
  CHECK(run(bench, *made.instance, [&](const weir_batch* batch, weir_output*) {
          bench.hooks.host->clone(batch->records[0]);
          return WEIR_OK;
        }).ok());
  CHECK(run(bench, *made.instance, [&](const weir_batch* batch, weir_output*) {
          const weir_host* host = bench.hooks.host;
          host->clone(host->clone(batch->records[2]));
          host->clone(batch->records[3]);
          host->fail(batch->records[2], WEIR_E_DATA, "is odd", nullptr);
          host->fail(batch->records[0], WEIR_E_DATA, "is odd", nullptr);
          return WEIR_OK;
        }).ok());
  CHECK(earlier.fate == Fate::failed);
  std::string fates;
  for (Record* record : bench.slice.records()) fates += record->fate == Fate::failed ? 'f' : 'l';
  CHECK(fates == "flfffll");  // 0, its clone of the first call, 1 with two clones, 2 with one
}

TEST_CASE("holding needs the capability") {
  Bench bench;
  Record& record = bench.add("{}");
  const auto made = bench.transform();
  CHECK(run(bench, *made.instance, [&](const weir_batch* batch, weir_output*) {
          CHECK(bench.hooks.host->hold(batch->records[0]) == WEIR_E_USAGE);
          return WEIR_OK;
        }).ok());
  CHECK(record.fate == Fate::live);
}

TEST_CASE("held records are merged in a later call and their origins move on") {
  Bench bench;
  bench.add("1");
  bench.add("2");
  std::vector<weir_record*> held;
  const auto made = bench.transform(WEIR_HOLDS);
  CHECK(run(bench, *made.instance, [&](const weir_batch* batch, weir_output*) {
          for (std::uint32_t i = 0; i < batch->count; ++i) {
            CHECK(bench.hooks.host->hold(batch->records[i]) == WEIR_OK);
            CHECK(bench.hooks.host->hold(batch->records[i]) == WEIR_E_USAGE);
            held.push_back(batch->records[i]);
          }
          return WEIR_OK;
        }).ok());
  Slice later(bench.home);
  bench.hooks.emit = [&](weir_output* output) {
    const weir_host* host = bench.hooks.host;
    weir_record* const twice[] = {held[0], held[0]};
    CHECK(host->emit(output, twice, 2) == nullptr);
    weir_record* const with_null[] = {held[0], nullptr};
    CHECK(host->emit(output, with_null, 2) == nullptr);
    CHECK(view(host->bytes(held[1], WEIR_VALUE)) == "2");
    weir_record* merged = host->emit(output, held.data(), 2);
    REQUIRE(merged != nullptr);
    CHECK(host->set_bytes(merged, WEIR_VALUE, str("3")) == WEIR_OK);
    CHECK(host->emit(output, held.data(), 2) == nullptr);  // they are gone
    return WEIR_OK;
  };
  CHECK(made.instance->flush(later).ok());
  REQUIRE(later.records().size() == 1);
  CHECK(view(later.records()[0]->value()) == "3");
  CHECK(later.records()[0]->extra_origin_count == 1);
  for (Record* record : bench.slice.records()) CHECK(record->fate == Fate::merged);
}

TEST_CASE("a record made of nothing settles with the batch it answers") {
  Bench bench;
  Record& record = bench.add("1");
  const auto made = bench.transform();
  CHECK(run(bench, *made.instance, [&](const weir_batch*, weir_output* output) {
          CHECK(bench.hooks.host->emit(output, nullptr, 0) != nullptr);
          return WEIR_OK;
        }).ok());
  CHECK(record.origin->outstanding == 2);
  bench.hooks.emit = [&](weir_output* output) {
    CHECK(bench.hooks.host->emit(output, nullptr, 0) != nullptr);
    return WEIR_OK;
  };
  Slice later(bench.home);
  CHECK(made.instance->flush(later).ok());
  REQUIRE(later.records().size() == 1);
  CHECK(later.records()[0]->origin->partition == Origin::kNoPartition);
}

TEST_CASE("an output is good for its own call only") {
  Bench bench;
  bench.add("1");
  weir_output* kept = nullptr;
  const auto made = bench.transform();
  CHECK(run(bench, *made.instance, [&](const weir_batch*, weir_output* output) {
          kept = output;
          CHECK(bench.hooks.host->emit(nullptr, nullptr, 0) == nullptr);
          CHECK(bench.hooks.host->origin(output, kNullBytes, kNullBytes, 0) == nullptr);  // no source
          CHECK(bench.hooks.host->buffer(output, 10) == nullptr);
          return WEIR_OK;
        }).ok());
  CHECK(bench.hooks.host->emit(kept, nullptr, 0) == nullptr);
}

TEST_CASE("a record failed in put is refused: acknowledged as data, with its path, and live until that is read") {
  Bench bench;
  Record& own = bench.add(R"({"id":[]})");
  Record& known = bench.add(R"({"id":"\ud800"})");
  const weir_path* path = nullptr;
  bench.hooks.create = [&](weir_ctx* ctx, const weir_host* host) {
    path = host->compile(ctx, WEIR_VALUE, str("id"), WEIR_READ, nullptr);
    return WEIR_OK;
  };
  const auto made = bench.sink();
  bench.hooks.put = [&](const weir_batch* batch, std::uint32_t* taken) {
    const weir_host* host = bench.hooks.host;
    host->fail(batch->records[0], WEIR_E_DATA, "no key", path);
    weir_doc* doc = nullptr;
    weir_value value{};
    CHECK(host->doc(batch->records[1], WEIR_VALUE, &doc) == WEIR_OK);
    CHECK(host->get(doc, path, &value) == WEIR_E_DATA);
    host->fail(batch->records[1], WEIR_E_DATA, nullptr, nullptr);
    *taken = 2;
    return WEIR_OK;
  };
  std::size_t taken = 0;
  const auto records = bench.live();
  CHECK(made.instance->put(records, taken).ok());
  REQUIRE(bench.acks.all.size() == 2);
  for (const KeptAcks::Ack& ack : bench.acks.all) CHECK(ack.status == WEIR_E_DATA);
  CHECK(bench.acks.all[0].reason == "no key");
  CHECK(bench.acks.all[1].reason == "a lone surrogate in text");
  for (const Record* record : {&own, &known}) {
    CHECK(record->fate == Fate::live);
    REQUIRE(record->failure != nullptr);
    CHECK(record->failure->at == "id");
  }
}

TEST_CASE("acknowledgements reach the task of each record, from any thread") {
  Bench bench;
  Bench other;
  Record& one = bench.add("1");
  Record& two = bench.add("2");
  Record& three = other.add("3");
  const auto handle = [](Record& record) { return reinterpret_cast<weir_record*>(&record); };
  weir_record* const all[] = {handle(one), handle(two), nullptr, handle(three)};
  std::thread([&] { host_table().ack(all, 4, WEIR_E_RETRY, "given back"); }).join();
  REQUIRE(bench.acks.all.size() == 2);
  CHECK(bench.acks.calls == 1);
  CHECK(bench.acks.all[1].record == &two);
  CHECK(bench.acks.all[1].status == WEIR_E_RETRY);
  CHECK(bench.acks.all[1].reason == "given back");
  REQUIRE(other.acks.all.size() == 1);
  CHECK(other.acks.all[0].record == &three);
}

TEST_CASE("an acknowledgement with a status that is none stops the task") {
  Bench bench;
  weir_record* const one[] = {reinterpret_cast<weir_record*>(&bench.add("1"))};
  host_table().ack(one, 1, 77, nullptr);
  host_table().ack(one, 1, WEIR_OK, nullptr);
  host_table().ack(nullptr, 1, WEIR_OK, nullptr);
  REQUIRE(bench.acks.all.size() == 2);
  CHECK(bench.acks.all[0].status == WEIR_E_FATAL);
  CHECK(bench.acks.all[1].status == WEIR_OK);
  CHECK(bench.acks.all[1].reason.empty());
}
