#include <catch2/catch.hpp>

#include "bench.h"

using namespace weir::host;
using namespace weir::host::abi;

namespace {

/// A record with that value, and a transform with paths, whose apply the test writes.
struct DocBench : Bench {
  explicit DocBench(std::string_view value) : record(add(value)) {
    hooks.create = [this](weir_ctx* ctx, const weir_host* host) {
      read = host->compile(ctx, WEIR_VALUE, str("a"), WEIR_READ, nullptr);
      write = host->compile(ctx, WEIR_VALUE, str("b"), WEIR_READ | WEIR_WRITE, nullptr);
      all = host->compile(ctx, WEIR_VALUE, str("list[*]"), WEIR_READ | WEIR_WRITE, nullptr);
      key = host->compile(ctx, WEIR_KEY, str("a"), WEIR_READ, nullptr);
      return WEIR_OK;
    };
    made = transform(WEIR_READS_DOC | WEIR_MUTATES).instance;
    REQUIRE(made != nullptr);
  }
  /// Runs `body` in apply, on the record's document.
  void on_doc(const std::function<void(const weir_host*, weir_record*, weir_doc*)>& body) {
    hooks.apply = [this, &body](const weir_batch* batch, weir_output*) {
      weir_doc* doc = nullptr;
      REQUIRE(hooks.host->doc(batch->records[0], WEIR_VALUE, &doc) == WEIR_OK);
      body(hooks.host, batch->records[0], doc);
      return WEIR_OK;
    };
    CHECK(apply(*made).ok());
  }

  Record& record;
  const weir_path* read = nullptr;
  const weir_path* write = nullptr;
  const weir_path* all = nullptr;
  const weir_path* key = nullptr;
  std::unique_ptr<Transform> made;
};

weir_value text(std::string_view value) {
  weir_value out{};
  out.type = WEIR_STRING;
  out.as.s = str(value);
  return out;
}

}  // namespace

TEST_CASE("a document is read and edited and its bytes follow") {
  DocBench bench(R"({"a": 1, "b": "x"})");
  bench.on_doc([&](const weir_host* host, weir_record* handle, weir_doc* doc) {
    weir_value value{};
    CHECK(host->get(doc, bench.read, &value) == WEIR_OK);
    CHECK((value.type == WEIR_INT && value.as.i == 1));
    const weir_value y = text("y");
    CHECK(host->set(doc, bench.write, &y) == WEIR_OK);
    CHECK(view(host->bytes(handle, WEIR_VALUE)) == R"({"a": 1, "b": "y"})");
  });
  CHECK(bench.value_of(bench.record) == R"({"a": 1, "b": "y"})");
}

TEST_CASE("a slot that is null has no document and one that is not JSON is a data error") {
  DocBench bench("not json");
  bench.hooks.apply = [&](const weir_batch* batch, weir_output*) {
    weir_doc* doc = nullptr;
    CHECK(bench.hooks.host->doc(batch->records[0], WEIR_KEY, &doc) == WEIR_NOT_FOUND);
    CHECK(bench.hooks.host->doc(batch->records[0], WEIR_VALUE, &doc) == WEIR_E_DATA);
    CHECK(bench.hooks.host->doc(batch->records[0], 7, &doc) == WEIR_E_USAGE);
    bench.hooks.host->fail(batch->records[0], WEIR_E_DATA, nullptr, nullptr);
    return WEIR_OK;
  };
  CHECK(bench.apply(*bench.made).ok());
  REQUIRE(bench.record.failure != nullptr);
  CHECK(std::string_view(bench.record.failure->reason) == bench.json.reason());
  CHECK(std::string_view(bench.record.failure->reason) != "");
}

TEST_CASE("a path is good for its own slot, instance and use only") {
  DocBench bench(R"({"a":1,"b":2})");
  DocBench other("{}");
  bench.on_doc([&](const weir_host* host, weir_record*, weir_doc* doc) {
    weir_value value{};
    CHECK(host->get(doc, bench.key, &value) == WEIR_E_USAGE);
    CHECK(host->get(doc, other.read, &value) == WEIR_E_USAGE);
    CHECK(host->get(doc, nullptr, &value) == WEIR_E_USAGE);
    CHECK(host->get(nullptr, bench.read, &value) == WEIR_E_USAGE);
    CHECK(host->get(doc, bench.read, nullptr) == WEIR_E_USAGE);
    const weir_value x = text("x");
    CHECK(host->set(doc, bench.read, &x) == WEIR_E_USAGE);
    CHECK(host->set_json(doc, bench.read, str("1")) == WEIR_E_USAGE);
    CHECK(host->remove(doc, bench.read) == WEIR_E_USAGE);
    CHECK(host->move(doc, bench.read, bench.write) == WEIR_E_USAGE);
    CHECK(host->move(doc, bench.write, bench.read) == WEIR_E_USAGE);
  });
}

TEST_CASE("a value that no JSON scalar is, is not written") {
  DocBench bench(R"({"b":2})");
  bench.on_doc([&](const weir_host* host, weir_record*, weir_doc* doc) {
    weir_value value{};
    value.type = WEIR_OBJECT;
    CHECK(host->set(doc, bench.write, &value) == WEIR_E_USAGE);
    value.type = 99;
    CHECK(host->set(doc, bench.write, &value) == WEIR_E_USAGE);
    value.type = WEIR_STRING;
    CHECK(host->set(doc, bench.write, &value) == WEIR_E_USAGE);
    CHECK(host->set(doc, bench.write, nullptr) == WEIR_E_USAGE);
    CHECK(host->rewrite(doc, bench.write, nullptr, nullptr) == WEIR_E_USAGE);
    CHECK(host->match(doc, bench.all, nullptr, nullptr) == WEIR_E_USAGE);
  });
  CHECK(bench.value_of(bench.record) == R"({"b":2})");
}

TEST_CASE("a dropped or failed record is not edited any more") {
  DocBench bench(R"({"b":2})");
  bench.on_doc([&](const weir_host* host, weir_record* handle, weir_doc* doc) {
    host->drop(handle);
    const weir_value x = text("x");
    CHECK(host->set(doc, bench.write, &x) == WEIR_E_USAGE);
    CHECK(host->set_bytes(handle, WEIR_VALUE, str("x")) == WEIR_E_USAGE);
  });
  CHECK(bench.record.fate == Fate::filtered);
  CHECK(bench.value_of(bench.record) == R"({"b":2})");
}

TEST_CASE("a document's handle follows the record's new bytes") {
  DocBench bench(R"({"a":1})");
  bench.on_doc([&](const weir_host* host, weir_record* handle, weir_doc* doc) {
    CHECK(host->set_bytes(handle, WEIR_VALUE, str(R"({"a":2})")) == WEIR_OK);
    weir_value value{};
    CHECK(host->get(doc, bench.read, &value) == WEIR_OK);
    CHECK(value.as.i == 2);
  });
}

TEST_CASE("documents are out of reach between calls") {
  DocBench bench(R"({"a":1,"b":1})");
  weir_doc* kept = nullptr;
  weir_record* record = nullptr;
  bench.on_doc([&](const weir_host*, weir_record* handle, weir_doc* doc) {
    kept = doc;
    record = handle;
  });
  weir_value value{};
  CHECK(bench.hooks.host->get(kept, bench.read, &value) == WEIR_E_USAGE);
  CHECK(bench.hooks.host->set_bytes(record, WEIR_VALUE, str("x")) == WEIR_E_USAGE);
  CHECK(bench.hooks.host->set_topic(record, str("x")) == WEIR_E_USAGE);
  CHECK(bench.hooks.host->header_add(record, str("x"), str("x")) == WEIR_E_USAGE);
  CHECK(bench.hooks.host->clone(record) == nullptr);
}

TEST_CASE("a record of another slice is not this call's") {
  DocBench bench(R"({"a":1})");
  Slice elsewhere(bench.home);
  Record& foreign = bench.add(elsewhere, R"({"a":1})");
  auto* handle = reinterpret_cast<weir_record*>(&foreign);
  bench.on_doc([&](const weir_host* host, weir_record*, weir_doc*) {
    weir_doc* doc = nullptr;
    CHECK(host->doc(handle, WEIR_VALUE, &doc) == WEIR_E_USAGE);
    CHECK(host->set_bytes(handle, WEIR_VALUE, str("x")) == WEIR_E_USAGE);
    host->drop(handle);
    host->fail(handle, WEIR_E_DATA, "no", nullptr);
  });
  CHECK(foreign.fate == Fate::live);
}

TEST_CASE("every place of a wildcard is visited and rewritten") {
  DocBench bench(R"({"list":[1,2,3]})");
  bench.on_doc([&](const weir_host* host, weir_record*, weir_doc* doc) {
    std::int64_t sum = 0;
    const auto add = [](void* user, weir_str, const weir_value* value) -> weir_status {
      *static_cast<std::int64_t*>(user) += value->as.i;
      return WEIR_OK;
    };
    CHECK(host->match(doc, bench.all, add, &sum) == WEIR_OK);
    CHECK(sum == 6);
    const auto twos_go = [](void*, weir_str, const weir_value* at, weir_value*) -> std::int32_t {
      return at->as.i == 2 ? WEIR_REMOVE : WEIR_KEEP;
    };
    CHECK(host->rewrite(doc, bench.all, twos_go, nullptr) == WEIR_OK);
  });
  CHECK(bench.value_of(bench.record) == R"({"list":[1,3]})");
}

TEST_CASE("an exception in a visitor fails the batch and does not pass through the document") {
  DocBench bench(R"({"list":[1,2,3]})");
  bench.on_doc([&](const weir_host* host, weir_record*, weir_doc* doc) {
    const auto throws = [](void*, weir_str, const weir_value*) -> weir_status { throw std::runtime_error("canary"); };
    CHECK(host->match(doc, bench.all, throws, nullptr) == WEIR_E_FATAL);
  });
  REQUIRE(bench.record.failure != nullptr);
  CHECK(std::string_view(bench.record.failure->reason) == "transform threw an exception");
}
