// yardstick BOOTSTRAP TOPIC FILE bare|by_hand [--follow] [NAME=VALUE…]
//
// What the machine gives without a host around it: the same file, the same librdkafka, one loop.
//   bare     every line as it is, keyed by the digits behind "mpid":, found by searching
//   by_hand  the whole job of pipelines/bench.yaml, for these events alone
// --follow waits at the file's end for more until SIGTERM. NAME=VALUE: a property of librdkafka's. Prints the lines read, the
// messages sent and the messages acknowledged. Exit code 0 when all were.
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <exception>

#include "by_hand.h"
#include "line_blocks.h"
#include "producer.h"

namespace weir::bench {
namespace {

std::atomic<bool> is_ended{false};

struct Options {
  std::string bootstrap, topic, file, job;
  bool follow = false;
  Settings settings;
};

Options parse(int argc, char** argv) {
  if (argc < 5) throw std::runtime_error("wants BOOTSTRAP TOPIC FILE bare|by_hand");
  Options options{argv[1], argv[2], argv[3], argv[4], false, {}};
  for (const std::string& word : std::vector<std::string>(argv + 5, argv + argc)) {
    const std::size_t equals = word.find('=');
    if (word == "--follow") {
      options.follow = true;
    } else if (equals != std::string::npos) {
      options.settings.emplace_back(word.substr(0, equals), word.substr(equals + 1));
    } else {
      throw std::runtime_error("cannot make sense of '" + word + "'");
    }
  }
  return options;
}

void send_as_it_is(std::string_view line, Producer& producer) {
  const std::size_t start = line.find("\"mpid\":") + 7;
  producer.send(line.substr(start, line.find_first_not_of("-0123456789", start) - start), line);
}

void send_by_hand(std::string_view line, ByHand& job, std::size_t room, Producer& producer) {
  const ByHand::Event event = job.find(line, room);
  if (!event.is_dropped()) producer.send(event.mpid, job.redact(line, event));
}

template <typename Take>
long each_line(std::string_view block, Take&& take) {
  long lines = 0;
  for (std::size_t at = 0; at < block.size(); ++lines) {
    const std::size_t end = block.find('\n', at);
    take(block.substr(at, end - at), block.size() - at + ByHand::kPadding);
    at = end + 1;
  }
  return lines;
}

template <typename Take>
long each_event(const Options& options, const Producer& producer, Take&& take) {
  LineBlocks blocks(options.file, ByHand::kPadding);
  long lines = 0;
  while (!is_ended) {
    const std::string_view block = blocks.next();
    if (block.empty() && !options.follow) break;
    lines += each_line(block, take);
    if (options.follow) producer.poll(block.empty() ? 1 : 0);
  }
  return lines;
}

long run(const Options& options, Producer& producer) {
  if (options.job == "bare")
    return each_event(options, producer, [&](std::string_view line, std::size_t) { send_as_it_is(line, producer); });
  if (options.job != "by_hand") throw std::runtime_error("knows bare and by_hand");
  ByHand job;
  return each_event(options, producer,
                    [&](std::string_view line, std::size_t room) { send_by_hand(line, job, room, producer); });
}

/// True: every message was acknowledged.
bool measure(const Options& options) {
  Producer producer(options.bootstrap, options.topic, options.settings);
  const long lines = run(options, producer);
  producer.finish();
  std::printf("read=%ld sent=%ld acknowledged=%ld\n", lines, producer.sent(), producer.acknowledged());
  std::fflush(stdout);
  return producer.acknowledged() == producer.sent();
}

}  // namespace
}  // namespace weir::bench

int main(int argc, char** argv) {
  signal(SIGTERM, [](int) { weir::bench::is_ended = true; });
  try {
    _exit(weir::bench::measure(weir::bench::parse(argc, argv)) ? 0 : 1);  // tearing the client down is not measured
  } catch (const std::exception& error) {
    std::fprintf(stderr, "yardstick: %s\n", error.what());
    return 2;
  }
}
