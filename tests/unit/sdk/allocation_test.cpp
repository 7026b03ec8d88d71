#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>
#include <weir/predicate.hpp>
#include <weir/sink.hpp>
#include <weir/transform.hpp>

// Counts every allocation of the program: a call over a slice must make none in the wrappers.
namespace {
std::size_t allocations = 0;
}

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

/// A host that answers without doing anything.
weir_host still_host() {
  weir_host host{};
  host.struct_size = sizeof(weir_host);
  host.config = [](weir_ctx*, weir_str, weir_value* out) {
    out->type = WEIR_STRING;
    out->as.s = {"a", 1};
    return WEIR_OK;
  };
  host.compile = [](weir_ctx*, std::int32_t, weir_str path, std::uint32_t, const weir_path*) {
    return reinterpret_cast<const weir_path*>(path.ptr);
  };
  host.doc = [](weir_record* record, std::int32_t, weir_doc** doc) {
    *doc = reinterpret_cast<weir_doc*>(record);
    return WEIR_OK;
  };
  host.get = [](const weir_doc*, const weir_path*, weir_value* out) {
    out->type = WEIR_STRING;
    out->as.s = {"text", 4};
    return WEIR_OK;
  };
  host.set = [](weir_doc*, const weir_path*, const weir_value*) { return WEIR_OK; };
  host.rewrite = [](weir_doc*, const weir_path*, weir_rewrite rewrite, void* user) {
    weir_value at{};
    weir_value to{};
    return rewrite(user, {"a", 1}, &at, &to) < 0 ? WEIR_E_FATAL : WEIR_OK;
  };
  host.drop = [](weir_record*) {};
  host.fail = [](weir_record*, weir_status, const char*, const weir_path*) {};
  host.ack = [](weir_record* const*, std::uint32_t, weir_status, const char*) {};
  host.emit = [](weir_output*, weir_record* const* from, std::uint32_t) { return from[0]; };
  return host;
}

/// Uses all of the fast path.
struct Busy {
  explicit Busy(const weir::Context& config) : path(config.path("a")) {}
  void apply(weir::Record& record) {
    weir::Doc doc = record.value();
    if (doc.text(path) == "text") doc.set(path, "***");
    doc.rewrite(path, [this](std::string_view, const weir::Value&) { return weir::Edit::text(text); });
    record.fail("bad", path);
    record.drop();
  }
  weir::Path path;
  std::string text = "a text of the class, longer than what fits inside a string";
};

struct Chooses {
  explicit Chooses(const weir::Context& config) : path(config.path("a")) {}
  bool test(weir::Record& record) { return record.value().text(path) == "text"; }
  weir::Path path;
};

struct Swallows {
  explicit Swallows(const weir::Context& config) : acks(config) {}
  std::size_t put(weir::Batch& batch) {
    acks.ok(batch.deliveries());
    return batch.size();
  }
  weir::Acks acks;
};

const weir_host host = still_host();

/// 64 made-up records; nobody looks inside.
struct Slice {
  Slice() {
    for (std::size_t i = 0; i < records.size(); ++i) records[i] = reinterpret_cast<weir_record*>(&memory[i]);
  }
  std::array<char, 64> memory{};
  std::array<weir_record*, 64> records{};
  weir_batch batch{sizeof(weir_batch), 64, records.data()};
};

template <typename T>
struct Made {
  Made() { REQUIRE(weir::detail::Kind<T>::table.create(nullptr, &host, &self) == WEIR_OK); }
  ~Made() { weir::detail::Kind<T>::table.destroy(self); }
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;
  void* self = nullptr;
};

TEST_CASE("apply over a slice allocates nothing") {
  const Made<Busy> busy;
  Slice slice;
  const std::size_t before = allocations;
  const weir_status status = weir::detail::Kind<Busy>::table.apply(busy.self, &slice.batch, nullptr);
  const std::size_t after = allocations;
  CHECK(status == WEIR_OK);
  CHECK(after - before == 0);
}

TEST_CASE("test over a slice allocates nothing") {
  const Made<Chooses> chooses;
  Slice slice;
  std::array<std::uint8_t, 64> matches{};
  const std::size_t before = allocations;
  const weir_status status = weir::detail::Kind<Chooses>::table.test(chooses.self, &slice.batch, matches.data());
  const std::size_t after = allocations;
  CHECK(status == WEIR_OK);
  CHECK(matches[63] == 1);
  CHECK(after - before == 0);
}

TEST_CASE("put and ack of a slice allocate nothing") {
  const Made<Swallows> swallows;
  Slice slice;
  std::uint32_t taken = 0;
  const std::size_t before = allocations;
  const weir_status status = weir::detail::Kind<Swallows>::table.put(swallows.self, &slice.batch, &taken);
  const std::size_t after = allocations;
  CHECK(status == WEIR_OK);
  CHECK(taken == 64);
  CHECK(after - before == 0);
}

TEST_CASE("emit of a slice's records allocates nothing") {
  Slice slice;
  std::vector<weir::Record> held;
  for (weir_record* record : slice.records) held.emplace_back(&host, record);
  weir::Emitter emitter(&host, nullptr);
  const std::size_t before = allocations;
  emitter.emit(held);
  const std::size_t after = allocations;
  CHECK(after - before == 0);
}

TEST_CASE("an allocation would have been counted") {
  const std::size_t before = allocations;
  const auto memory = std::make_unique<int>(1);
  CHECK(allocations > before);
}

}  // namespace
