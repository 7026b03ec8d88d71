#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>

#include "fixture.h"

namespace {

std::size_t allocations = 0;

void* counted(std::size_t size) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}

void* counted_or_throw(std::size_t size) {
  if (void* const memory = counted(size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

// This program's own, so that a test can count them; all forms, since a sanitizer wants each pair from one hand.
void* operator new(std::size_t size) { return counted_or_throw(size); }
void* operator new[](std::size_t size) { return counted_or_throw(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace weir::host::json::test {

TEST_CASE("in steady state a document takes no memory from the heap") {
  OneRecord one("{}");
  const PlanPath& email = one.path("user.email");
  const PlanPath& all = one.path("events[*].data.x");
  const PlanPath& gone = one.path("gone");
  const PlanPath& made = one.path("made.up");
  const PlanPath& inside = one.path("payload@json.a");
  constexpr std::string_view kJson =
      R"({"user":{"em\u0061il":"a\nb"},"events":[{"data":{"x":1}},{"data":{"x":2}}],"gone":[1,2],"payload":"{\"a\":1,\"b\":2}"})";
  const auto work = [&] {
    one.slice().recycle();
    Origin* const origin = one.slice().origins()->open(Origin::kNoPartition, kNullBytes, 0);
    const std::size_t before = allocations;
    Record* const record = one.slice().append(*origin);
    record->set_slot(WEIR_VALUE, one.slice().arena().copy(kJson));
    Document* document = nullptr;
    weir_value value{};
    REQUIRE(one.engine().open(*record, WEIR_VALUE, document) == WEIR_OK);
    REQUIRE(document->get(email, value) == WEIR_OK);
    REQUIRE(document->set(email, text_value("***")) == WEIR_OK);
    REQUIRE(document->remove(gone) == WEIR_OK);
    REQUIRE(document->set(made, text_value("new")) == WEIR_OK);
    REQUIRE(document->set_json(inside, bytes_of("[1]")) == WEIR_OK);
    REQUIRE(document->remove(all) == WEIR_OK);
    one.engine().settle_bytes(*record, WEIR_VALUE);
    const std::size_t after = allocations;
    CHECK(
        view(record->value()) ==
        R"({"user":{"em\u0061il":"***"},"events":[{"data":{}},{"data":{}}],"payload":"{\"a\":[1],\"b\":2}","made":{"up":"new"}})");
    return after - before;
  };
  work();
  work();
  std::size_t assertions = allocations;
  REQUIRE(true);
  assertions = allocations - assertions;  // Catch's own share of each REQUIRE
  CHECK(work() <= 7 * assertions);
}

TEST_CASE("where every other document has another number of tokens, hardly one takes memory from the heap") {
  OneRecord one("{}");
  const PlanPath& path = one.path("a");
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 2000; ++i) {
    std::string list = "1";
    for (std::size_t more = i % 2 == 0 ? 0 : i * 7919 % 500; more > 0; --more) list += ",1";
    texts.push_back(R"({"a":1,"b":[)" + list + "]}");
  }
  const auto allocations_of_all = [&] {
    std::size_t sum = 0;
    for (const std::string& text : texts) {
      one.slice().recycle();
      Origin* const origin = one.slice().origins()->open(Origin::kNoPartition, kNullBytes, 0);
      Record* const record = one.slice().append(*origin);
      record->set_slot(WEIR_VALUE, one.slice().arena().copy(text));
      const std::size_t before = allocations;
      Document* document = nullptr;
      weir_value value{};
      const bool good =
          one.engine().open(*record, WEIR_VALUE, document) == WEIR_OK && document->get(path, value) == WEIR_OK;
      sum += allocations - before;
      REQUIRE(good);
    }
    return sum;
  };
  for (int times = 0; times < 30; ++times) allocations_of_all();
  CHECK(allocations_of_all() < texts.size() / 20);
}

}  // namespace weir::host::json::test
