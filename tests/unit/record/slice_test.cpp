#include "record/slice.h"

#include <catch2/catch.hpp>

using namespace weir::host;

namespace {

struct Fixture {
  Fixture() : memory(1u << 20), home{&memory, nullptr, nullptr}, slice(home) {}

  Origin& origin(const std::string& offset, std::uint32_t partition = 0) {
    return *slice.origins()->open(partition, bytes_of(offset), 0);
  }
  Record* add(const std::string& value) {
    Record* record = slice.append(origin(value));
    record->slots[WEIR_VALUE].bytes = slice.arena().copy(value);
    return record;
  }
  [[nodiscard]] std::string order() const {
    std::string text;
    for (const Record* record : slice.records()) text.append(view(record->value())).append(" ");
    return text;
  }

  MemoryMeter memory;
  SliceHome home;
  Slice slice;
};

void set_value(Record& record, std::string_view value) {
  record.set_slot(WEIR_VALUE, record.slice->arena().copy(value));
}

}  // namespace

TEST_CASE("records stay in the order in which they came") {
  Fixture f;
  for (const char* value : {"a", "b", "c"}) f.add(value);
  CHECK(f.order() == "a b c ");
  CHECK(f.slice.unsettled() == 3);
}

TEST_CASE(
    "a clone comes after its record and that one's earlier clones, and a clone's clone before the next of these") {
  Fixture f;
  Record* a = f.add("a");
  f.add("b");
  Record* first = f.slice.clone(*a);
  set_value(*first, "a1");
  Record* second = f.slice.clone(*a);
  set_value(*second, "a2");
  Record* nested = f.slice.clone(*first);
  set_value(*nested, "a1x");
  set_value(*f.slice.clone(*a), "a3");
  CHECK(f.order() == "a a1 a1x a2 a3 b ");
  CHECK(first->clone_number == 1);
  CHECK(second->clone_number == 2);
  CHECK(nested->clone_number == 3);
  CHECK(a->clone_count == 4);
}

TEST_CASE("a clone shares its parent's bytes, original and origin, and is live") {
  Fixture f;
  Record* parent = f.add("value");
  f.slice.seal();
  parent->add_header("h", bytes_of("1"));
  const Record* clone = f.slice.clone(*parent);
  parent->add_header("h", bytes_of("2"));
  set_value(*parent, "changed");
  CHECK(view(clone->value()) == "value");
  CHECK(view(clone->original[WEIR_VALUE]) == "value");
  CHECK(clone->headers.count == 1);
  CHECK(parent->headers.count == 2);
  CHECK(clone->origin == parent->origin);
  CHECK(parent->origin->outstanding == 2);
  CHECK(f.slice.take_tally().cloned == 1);
  CHECK(f.slice.take_tally().cloned == 0);
}

TEST_CASE("many clones of one record take time in proportion to their number") {
  Fixture f;
  Record* record = f.add("batch");
  for (int i = 0; i < 100'000; ++i) f.slice.clone(*record);
  CHECK(f.slice.records().size() == 100'001);
  CHECK(f.slice.records().back()->clone_number == 100'000);
  CHECK(record->origin->outstanding == 100'001);
}

TEST_CASE("a merged record takes over the origins of the others, each once") {
  Fixture f;
  Record* a = f.add("a");
  Record* also_a = f.slice.clone(*a);
  Record* b = f.add("b");
  Slice later(f.home);
  Record* const from[] = {b, a, also_a};
  const Record* merged = later.merge(from, nullptr);
  CHECK(merged->origin == b->origin);
  REQUIRE(merged->extra_origin_count == 1);
  CHECK(merged->extra_origins[0] == a->origin);
  CHECK(a->origin->outstanding == 1);
  CHECK(b->origin->outstanding == 1);
  for (const Record* record : from) CHECK(record->fate == Fate::merged);
  CHECK(f.slice.unsettled() == 0);
  CHECK(later.unsettled() == 1);
  const auto tally = later.take_tally();
  CHECK(tally.merged == 2);
  CHECK(tally.emitted == 1);
  CHECK_FALSE(merged->sealed);
}

TEST_CASE("a record given out alone keeps its original and its number, in memory of its new slice") {
  Fixture f;
  Record* record = f.add("original");
  record->slots[WEIR_KEY].bytes = f.slice.arena().copy("key");
  record->topic = f.slice.arena().copy("topic");
  record->timestamp_ms = 5;
  f.slice.seal();
  set_value(*record, "changed");
  Slice later(f.home);
  Record* const from[] = {f.slice.clone(*record)};
  const Record* merged = later.merge(from, nullptr);
  f.slice.recycle();
  (void)f.add("something else over the old memory");
  CHECK(view(merged->value()) == "changed");
  CHECK(view(merged->original[WEIR_VALUE]) == "original");
  CHECK(view(merged->key()) == "key");
  CHECK(view(merged->topic) == "topic");
  CHECK(merged->timestamp_ms == 5);
  CHECK(merged->clone_number == 1);
  CHECK(later.take_tally().merged == 0);
}

TEST_CASE("a record made of nothing hangs on the fallback, or on no position") {
  Fixture f;
  Origin& fallback = f.origin("1");
  CHECK(f.slice.merge({}, &fallback)->origin == &fallback);
  CHECK(fallback.outstanding == 1);
  const Record* free = f.slice.merge({}, nullptr);
  CHECK(free->origin->partition == Origin::kNoPartition);
  CHECK(f.slice.merge({}, nullptr)->origin == free->origin);
  CHECK(f.slice.take_tally().cloned == 3);
}

TEST_CASE("a block of origins says when it is full, and still has one for records made of nothing") {
  Fixture f;
  for (std::size_t i = 0; i < OriginBlock::kOrigins; ++i)
    REQUIRE(f.slice.origins()->open(0, bytes_of("x"), 0) != nullptr);
  const Origin* first = &f.slice.origins()->origins()[0];
  CHECK(f.slice.origins()->open(0, bytes_of("x"), 0) == nullptr);
  CHECK(f.slice.merge({}, nullptr)->origin->partition == Origin::kNoPartition);
  CHECK(first == &f.slice.origins()->origins()[0]);  // they do not move
}

TEST_CASE("an origin settles when nothing hangs on it and its poll has returned") {
  Fixture f;
  Origin& empty = f.origin("5");
  Record* record = f.add("6");
  CHECK_FALSE(empty.settled());
  f.slice.origins()->close();
  CHECK(empty.settled());
  CHECK_FALSE(record->origin->settled());
  CHECK(f.slice.origins()->offset_of(*record->origin) == "6");
}

TEST_CASE("a slice that is used again has nothing of its former life; origins somebody needs stay theirs") {
  Fixture f;
  f.add("a");
  const std::shared_ptr<OriginBlock> kept = f.slice.origins();
  f.slice.recycle();
  CHECK(f.slice.records().empty());
  CHECK(f.slice.unsettled() == 0);
  CHECK(f.slice.origins() != kept);
  CHECK(kept->offset_of(kept->origins()[0]) == "a");
  const OriginBlock* own = f.slice.origins().get();
  f.add("b");
  f.slice.recycle();
  CHECK(f.slice.origins().get() == own);
  CHECK(own->origins().empty());
}

TEST_CASE("the first failure counts, and what is not live any more cannot fail") {
  Fixture f;
  Record* record = f.add("a");
  record->fail(WEIR_E_DATA, "first", "user.email");
  record->fail(WEIR_E_DATA, "second");
  CHECK(record->fate == Fate::failed);
  CHECK(std::string(record->failure->reason) == "first");
  CHECK(record->failure->at == "user.email");
  Record* dropped = f.add("b");
  dropped->fate = Fate::filtered;
  dropped->fail(WEIR_E_DATA, "late");
  CHECK(dropped->fate == Fate::filtered);
}

TEST_CASE("headers may repeat, keep their order, and are removed by name all at once") {
  Fixture f;
  Record* record = f.add("a");
  record->add_header("x", bytes_of("1"));
  record->add_header("y", kNullBytes);
  record->add_header("x", bytes_of(""));
  REQUIRE(record->headers.count == 3);
  CHECK(is_null(record->headers.all()[1].value));
  CHECK_FALSE(is_null(record->headers.all()[2].value));
  CHECK(record->remove_header("x") == 2);
  CHECK(record->remove_header("x") == 0);
  REQUIRE(record->headers.count == 1);
  CHECK(view(record->headers.all()[0].name) == "y");
}

TEST_CASE("replacing a slot's bytes forgets its document") {
  Fixture f;
  Record* record = f.add("a");
  record->slots[WEIR_VALUE].document = reinterpret_cast<json::Document*>(&f);
  record->set_slot(WEIR_VALUE, kNullBytes);
  CHECK(is_null(record->value()));
  CHECK(record->slots[WEIR_VALUE].document == nullptr);
}
