// commit EVENTS FOLDER SECONDS PRODUCERS
//
// How fast events become safe on the disk of FOLDER, which must be there: with PRODUCERS threads that each wait for the spool's
// acknowledgement before the next event, or, with 0 of them, one thread that appends to a file and syncs each event by itself. Prints
//   {"records":N,"seconds":…,"p50_ms":…,"p99_ms":…,"syncs":N}
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "bare.h"
#include "producer.h"

namespace weir::bench {
namespace {

std::vector<std::string> lines_of(const std::string& file) {
  std::ifstream stream(file);
  std::vector<std::string> lines;
  for (std::string line; lines.size() < 20'000 && std::getline(stream, line);) lines.push_back(line);
  if (lines.empty()) throw std::runtime_error(file + " holds no events");
  return lines;
}

/// What was measured, from the first producer's start to the last one's end.
struct Measured {
  Latencies latencies;
  Clock::duration time{};
  std::uint64_t syncs = 0;
};

Measured measure_bare(const std::vector<std::string>& lines, const std::string& folder, Clock::duration time) {
  std::size_t next = 0;
  const Clock::time_point begin = Clock::now();
  Latencies latencies = append_and_sync(
      folder + "/bare", [&] { return std::string_view(lines[next++ % lines.size()]); },
      [&] { return Clock::now() - begin >= time; });
  const std::uint64_t syncs = latencies.count();
  return {std::move(latencies), Clock::now() - begin, syncs};
}

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// The thread of one producer. What goes wrong in one is told by all: it ends the program.
void produce(Producer& producer, const std::vector<std::string>& lines, std::size_t first,
             const std::atomic<bool>& over) noexcept {
  for (std::size_t next = first; !over; ++next) producer.put(lines[next % lines.size()]);
}

Measured measure_spool(const std::vector<std::string>& lines, const std::string& folder, Clock::duration time,
                       std::size_t count) {
  host::spool::Options options;
  options.folder = folder + "/spool";
  const auto spool = std::make_shared<host::spool::Spool>(options, host::spool::disk_files(), now_ms, host::Log());
  std::vector<std::unique_ptr<Producer>> producers;
  for (std::size_t i = 0; i < count; ++i) producers.push_back(std::make_unique<Producer>(spool));
  for (const auto& producer : producers) producer->start();
  std::atomic<bool> over = false;
  Measured measured;
  const Clock::time_point begin = Clock::now();
  {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count; ++i)
      threads.emplace_back([&, i] { produce(*producers[i], lines, i * lines.size() / count, over); });
    std::this_thread::sleep_for(time);
    over = true;
    for (std::thread& thread : threads) thread.join();
  }
  measured.time = Clock::now() - begin;
  measured.syncs = spool->figures().syncs.total();
  for (const auto& producer : producers) producer->stop();
  for (const auto& producer : producers) measured.latencies.add(producer->latencies());
  return measured;
}

void measure(char** words) {
  const std::vector<std::string> lines = lines_of(words[1]);
  const auto time = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(std::atof(words[3])));
  const auto count = static_cast<std::size_t>(std::strtoul(words[4], nullptr, 10));
  Measured measured = count == 0 ? measure_bare(lines, words[2], time) : measure_spool(lines, words[2], time, count);
  std::printf("{\"records\":%zu,\"seconds\":%.3f,\"p50_ms\":%.4f,\"p99_ms\":%.4f,\"syncs\":%llu}\n",
              measured.latencies.count(), std::chrono::duration<double>(measured.time).count(),
              measured.latencies.quantile_ms(0.5), measured.latencies.quantile_ms(0.99),
              static_cast<unsigned long long>(measured.syncs));
}

}  // namespace
}  // namespace weir::bench

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: commit EVENTS FOLDER SECONDS PRODUCERS\n", stderr);
    return 2;
  }
  try {
    weir::bench::measure(argv);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "commit: %s\n", error.what());
    return 1;
  }
}
