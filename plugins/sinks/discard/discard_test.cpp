#include "discard.cpp"

#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

TEST_CASE("every record is taken and acknowledged at once") {
  testing::Sink<Discard> sink;
  CHECK(sink.put({testing::Message{.value = "a"}, testing::Message{}}) == 2);
  REQUIRE(sink.acks().size() == 2);
  for (const testing::Ack& ack : sink.acks()) CHECK(ack.status == WEIR_OK);
  CHECK(sink.flush());
}

}  // namespace
}  // namespace weir::plugins
