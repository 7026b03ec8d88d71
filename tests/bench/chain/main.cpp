// chain EVENTS ROUNDS PIPELINE.yaml…
//
// CPU time of the transforms of pipelines on slices in memory, beside the bar they are held against (bar.h), slice by slice in
// turns on one thread. Prints a JSON object a round:
//   {"records":N,"bar":{"parse_ns":…,"hmac_ns":…,"copy_ns":…},"pipelines":{NAME:{"chain_ns":…,"allocations":…,"delivered":…}}}
// with sums over the round. A first round does not count; in it every record that the first pipeline, which has to do the work
// of pipelines/bench.yaml, lets through is compared with what the hand-written loop makes of the event.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bar.h"
#include "cli/load.h"
#include "subject.h"

namespace weir::bench {
namespace {

using Subjects = std::vector<std::unique_ptr<Subject>>;  // they do not move

void compare(Events& events, const host::Record& record, const Events::Event& event) {
  if (event.dropped || host::view(record.value()) != events.redacted(event))
    throw std::runtime_error("the chain does not do what the hand-written loop does");
}

void run_round(Events& events, Bar& bar, const Subjects& subjects, bool compares) {
  const Subject::Sink comparing = [&](const host::Record& record, const Events::Event& event) {
    compare(events, record, event);
  };
  std::span<const Events::Event> left = events.all();
  while (!left.empty()) {
    const auto slice = left.first(Subject::slice_size(left));
    bar.run(slice);
    for (const auto& subject : subjects)
      subject->run(slice, compares && subject == subjects.front() ? comparing : Subject::Sink());
    left = left.subspan(slice.size());
  }
}

void print_round(std::size_t records, const Bar::Cost& bar, const Subjects& subjects) {
  std::printf(R"({"records":%zu,"bar":{"parse_ns":%lld,"hmac_ns":%lld,"copy_ns":%lld},"pipelines":{)", records,
              static_cast<long long>(bar.parse_ns), static_cast<long long>(bar.hmac_ns),
              static_cast<long long>(bar.copy_ns));
  const char* separator = "";
  for (const auto& subject : subjects) {
    const Subject::Cost cost = subject->take();
    std::printf(R"(%s"%s":{"chain_ns":%lld,"allocations":%lld,"delivered":%lld})", separator, subject->name().c_str(),
                static_cast<long long>(cost.chain_ns), static_cast<long long>(cost.allocations),
                static_cast<long long>(cost.delivered));
    separator = ",";
  }
  std::puts("}}");
}

int measure(const std::string& file, long rounds, const std::vector<std::string>& pipelines) {
  const auto registry = host::cli::load_plugins({});
  if (!registry) return 2;
  Subjects subjects;
  for (const std::string& pipeline : pipelines) subjects.push_back(std::make_unique<Subject>(pipeline, *registry));
  Events events(file);
  Bar bar;
  for (long round = 0; round <= rounds; ++round) {
    run_round(events, bar, subjects, round == 0);
    const Bar::Cost cost = bar.take();
    if (round > 0) {
      print_round(events.all().size(), cost, subjects);
    } else {
      for (const auto& subject : subjects) static_cast<void>(subject->take());
    }
  }
  return 0;
}

}  // namespace
}  // namespace weir::bench

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: chain EVENTS ROUNDS PIPELINE.yaml…\n", stderr);
    return 2;
  }
  try {
    return weir::bench::measure(argv[1], std::strtol(argv[2], nullptr, 10), {argv + 3, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "chain: %s\n", error.what());
    return 1;
  }
}
