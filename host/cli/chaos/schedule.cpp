#include "cli/chaos/schedule.h"

#include <algorithm>
#include <random>

namespace weir::host::cli::chaos {
namespace {

using Kind = Fault::Kind;

constexpr double kLastDue = 0.8;
constexpr std::uint64_t kLongestDelay = 300;    // ms
constexpr std::uint64_t kShortestFreeze = 200;  // ms
constexpr std::uint64_t kLongestFreeze = 3000;  // ms
constexpr std::uint32_t kOneStartingIn = 4;     // kills
constexpr std::uint32_t kOneFrozenIn = 5;       // kills

/// The engine's numbers are the standard's; what distributions make of them is each library's own.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  /// From 0, less than 1.
  double share() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  std::uint64_t number(std::uint64_t least, std::uint64_t most) { return least + engine_() % (most - least + 1); }
  Fault::Milliseconds time(std::uint64_t least, std::uint64_t most) {
    return Fault::Milliseconds(static_cast<std::int64_t>(number(least, most)));
  }

 private:
  std::mt19937_64 engine_;
};

Fault make(Kind kind, Dice& dice) {
  Fault fault;
  fault.kind = kind;
  fault.due = dice.share() * kLastDue;
  fault.wait = dice.share();
  fault.delay = dice.time(0, kLongestDelay);
  fault.frozen = dice.time(kShortestFreeze, kLongestFreeze);
  if (kind == Kind::kill_frozen) fault.delay = dice.time(0, static_cast<std::uint64_t>(fault.frozen.count()));
  return fault;
}

/// Where a kill of a start may stand: at the beginning, and behind each kill.
std::vector<std::size_t> places_for_starts(const std::vector<Fault>& faults) {
  std::vector<std::size_t> places{0};
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (faults[i].kind != Kind::freeze) places.push_back(i + 1);
  }
  return places;
}

}  // namespace

std::vector<Fault> make_schedule(std::uint64_t seed, std::uint32_t kills, std::uint32_t freezes) {
  Dice dice(seed);
  const std::uint32_t starting = kills / kOneStartingIn;
  const std::uint32_t frozen = std::min(freezes, (kills + kOneFrozenIn / 2) / kOneFrozenIn);
  const std::uint32_t running = kills - starting - std::min(frozen, kills - starting);
  std::vector<Fault> faults;
  for (std::uint32_t i = 0; i < running; ++i) faults.push_back(make(Kind::kill_running, dice));
  for (std::uint32_t i = 0; i < kills - starting - running; ++i) faults.push_back(make(Kind::kill_frozen, dice));
  for (std::uint32_t i = 0; i < freezes - (kills - starting - running); ++i) faults.push_back(make(Kind::freeze, dice));
  std::stable_sort(faults.begin(), faults.end(), [](const Fault& a, const Fault& b) { return a.due < b.due; });
  for (std::uint32_t i = 0; i < starting; ++i) {
    const std::vector<std::size_t> places = places_for_starts(faults);
    const std::size_t place = places[dice.number(0, places.size() - 1)];
    faults.insert(faults.begin() + static_cast<std::ptrdiff_t>(place), make(Kind::kill_starting, dice));
  }
  return faults;
}

}  // namespace weir::host::cli::chaos
