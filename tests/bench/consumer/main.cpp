// consumer arrival BOOTSTRAP TOPIC PARTITIONS [NAME=VALUE…]
//   Prints "ready" when it has read the topic to its end, then the moment (seconds, CLOCK_MONOTONIC) the first message came.
// consumer trickle BOOTSTRAP TOPIC PARTITIONS EVENTS APPEND_TO RATE SECONDS EXPECTED [NAME=VALUE…]
//   Then appends RATE lines of EVENTS a second, one write each, evenly, and prints when EXPECTED messages came, or none for
//   10 s: {"received":N,"counted":N,"p50_ms":…,"p99_ms":…,"max_ms":…}. The time of an event is from before its write until the
//   consumer has it; events of the first fifth do not count.
// NAME=VALUE: a property of librdkafka's.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>

#include "consumer.h"
#include "trickle.h"

namespace weir::bench {
namespace {

using Words = std::vector<std::string>;

Settings settings_of(const Words& words, std::size_t first) {
  Settings settings;
  for (std::size_t i = first; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    if (equals == std::string::npos) throw std::runtime_error("wants NAME=VALUE, not '" + words[i] + "'");
    settings.emplace_back(words[i].substr(0, equals), words[i].substr(equals + 1));
  }
  return settings;
}

Consumer ready_consumer(const Words& words, std::size_t first_setting) {
  Consumer consumer(words[1], words[2], std::stoi(words[3]), settings_of(words, first_setting));
  consumer.wait_until_ready();
  return consumer;
}

void tell_arrival(const Words& words) {
  Consumer consumer = ready_consumer(words, 4);
  std::puts("ready");
  std::fflush(stdout);
  double came = -1;
  for (const double give_up = now_s() + 60; came < 0 && now_s() < give_up;)
    consumer.next([&](std::string_view) { came = now_s(); });
  if (came < 0) throw std::runtime_error("no message came");
  std::printf("%.6f\n", came);
}

double quantile_ms(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto at = static_cast<std::size_t>(static_cast<double>(sorted.size()) * share);
  return sorted[std::min(at, sorted.size() - 1)] * 1e3;
}

void tell_latency(const Words& words) {
  const double rate = std::stod(words[6]);
  const long count = static_cast<long>(rate * std::stod(words[7]));
  const long expected = std::stol(words[8]);
  Consumer consumer = ready_consumer(words, 9);
  const Trickle trickle(words[4], words[5], rate, count);
  std::vector<double> latencies;
  long received = 0;
  for (double last = now_s(); received < expected && now_s() < last + 10;) {
    consumer.next([&](std::string_view value) {
      last = now_s();
      ++received;
      const double written = trickle.written_at(value);
      if (written >= 0 && Trickle::number_of(value) >= count / 5) latencies.push_back(last - written);
    });
  }
  std::sort(latencies.begin(), latencies.end());
  std::printf(R"({"received":%ld,"counted":%zu,"p50_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f})"
              "\n",
              received, latencies.size(), quantile_ms(latencies, 0.5), quantile_ms(latencies, 0.99),
              quantile_ms(latencies, 1));
}

int run(const Words& words) {
  if (words.size() >= 4 && words[0] == "arrival") {
    tell_arrival(words);
  } else if (words.size() >= 9 && words[0] == "trickle") {
    tell_latency(words);
  } else {
    throw std::runtime_error("see the head of tests/bench/consumer/main.cpp");
  }
  std::fflush(stdout);
  return 0;
}

}  // namespace
}  // namespace weir::bench

int main(int argc, char** argv) {
  try {
    _exit(weir::bench::run({argv + 1, argv + argc}));  // leaving in good order would take the client a second
  } catch (const std::exception& error) {
    std::fprintf(stderr, "consumer: %s\n", error.what());
    _exit(1);
  }
}
