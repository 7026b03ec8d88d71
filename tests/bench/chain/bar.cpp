#include "bar.h"

#include <array>
#include <cstring>
#include <stdexcept>

#include "cpu_clock.h"

namespace weir::bench {
namespace {

/// The compiler must not leave out what nobody reads.
void keep(const void* bytes) { asm volatile("" : : "g"(bytes) : "memory"); }

}  // namespace

void Bar::run(std::span<const Events::Event> events) {
  cost_.parse_ns += timed([&] { parse(events); });
  cost_.hmac_ns += timed([&] { hash(events); });
  cost_.copy_ns += timed([&] { copy(events); });
}

void Bar::parse(std::span<const Events::Event> events) {
  for (const Events::Event& event : events) {
    const auto document = parser_.parse(event.line.data(), event.line.size(), false);  // false: padded already
    if (document.error() != simdjson::SUCCESS) throw std::runtime_error("an event is not JSON");
  }
}

void Bar::hash(std::span<const Events::Event> events) {
  std::array<char, Pseudonyms::kDigits> digits{};
  for (const Events::Event& event : events) {
    if (event.dropped) continue;
    pseudonyms_.write(digits.data(), event.email);
    keep(digits.data());
  }
}

void Bar::copy(std::span<const Events::Event> events) {
  for (const Events::Event& event : events) {
    if (event.dropped) continue;
    if (room_.size() < event.line.size()) room_.resize(event.line.size());
    std::memcpy(room_.data(), event.line.data(), event.line.size());
    keep(room_.data());
  }
}

}  // namespace weir::bench
