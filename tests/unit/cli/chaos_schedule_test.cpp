#include <algorithm>
#include <catch2/catch.hpp>

#include "cli/chaos/schedule.h"

using namespace weir::host::cli::chaos;
using Kind = Fault::Kind;

namespace {

auto count(const std::vector<Fault>& faults, Kind kind) {
  return std::count_if(faults.begin(), faults.end(), [&](const Fault& fault) { return fault.kind == kind; });
}

bool same(const Fault& a, const Fault& b) {
  return a.kind == b.kind && a.due == b.due && a.wait == b.wait && a.delay == b.delay && a.frozen == b.frozen;
}

}  // namespace

TEST_CASE("the same seed gives the same faults") {
  const auto one = make_schedule(42, 10, 5);
  const auto other = make_schedule(42, 10, 5);
  CHECK(std::equal(one.begin(), one.end(), other.begin(), other.end(), same));
  const auto third = make_schedule(43, 10, 5);
  CHECK_FALSE(std::equal(one.begin(), one.end(), third.begin(), third.end(), same));
  // On every machine.
  CHECK(one[0].kind == Kind::freeze);
  CHECK(one[0].frozen == Fault::Milliseconds(446));
  CHECK(one[1].kind == Kind::kill_frozen);
  CHECK(one[1].delay == Fault::Milliseconds(789));
}

TEST_CASE("as many faults come as were asked for, of every kind") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    for (std::uint32_t kills = 0; kills <= 20; ++kills) {
      for (std::uint32_t freezes = 0; freezes <= 8; ++freezes) {
        const auto faults = make_schedule(seed, kills, freezes);
        CHECK(faults.size() == kills + freezes - static_cast<std::size_t>(count(faults, Kind::kill_frozen)));
        CHECK(count(faults, Kind::freeze) + count(faults, Kind::kill_frozen) == freezes);
        CHECK(faults.size() - static_cast<std::size_t>(count(faults, Kind::freeze)) == kills);
        if (kills >= 4) CHECK(count(faults, Kind::kill_starting) > 0);
        if (kills >= 4 && freezes > 0) CHECK(count(faults, Kind::kill_frozen) > 0);
        if (kills > 0 && kills < 3) CHECK(count(faults, Kind::kill_running) == kills);
      }
    }
  }
}

TEST_CASE("faults come in the order in which they are due, a killed start behind another kill or first") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    double due = 0;
    bool begins = true;
    for (const Fault& fault : make_schedule(seed, 12, 4)) {
      CHECK(fault.wait < 1);
      if (fault.kind == Kind::kill_starting) {
        CHECK(begins);
        continue;
      }
      CHECK(fault.due >= due);
      CHECK(fault.due < 0.9);
      if (fault.kind == Kind::kill_frozen) CHECK(fault.delay <= fault.frozen);
      CHECK(fault.frozen >= Fault::Milliseconds(200));
      CHECK(fault.frozen <= Fault::Milliseconds(3000));
      due = fault.due;
      begins = fault.kind != Kind::freeze;
    }
  }
}
