#include "broker_options.h"

#include <getopt.h>

#include <charconv>
#include <stdexcept>

namespace weir::broker {
namespace {

int number_of(std::string_view digits, int least, int most, const std::string& what) {
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || number < least || number > most)
    throw std::invalid_argument(what + " wants a number from " + std::to_string(least) + " to " + std::to_string(most) +
                                ", not '" + std::string(digits) + "'");
  return number;
}

Topic parse_topic(std::string_view text) {
  const std::size_t colon = text.find(':');
  Topic topic{std::string(text.substr(0, colon)), 1};
  if (topic.name.empty()) throw std::invalid_argument("a topic without name in --topics");
  if (colon != std::string_view::npos)
    topic.partitions = number_of(text.substr(colon + 1), 1, 10'000, "topic " + topic.name);
  return topic;
}

std::vector<Topic> parse_topics(std::string_view list) {
  std::vector<Topic> topics;
  while (true) {
    const std::size_t comma = list.find(',');
    topics.push_back(parse_topic(list.substr(0, comma)));
    if (comma == std::string_view::npos) return topics;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace

Options parse_options(int argc, char** argv) {
  static constexpr option kLong[] = {{"topics", required_argument, nullptr, 't'},
                                     {"brokers", required_argument, nullptr, 'b'},
                                     {"inject", required_argument, nullptr, 'i'},
                                     {"delay", required_argument, nullptr, 'd'},
                                     {"help", no_argument, nullptr, 'h'},
                                     {"version", no_argument, nullptr, 'v'},
                                     {nullptr, 0, nullptr, 0}};
  Options options;
  opterr = 0;
  // '+': what follows the first word that is no option belongs to COMMAND.
  for (int found = 0; (found = getopt_long(argc, argv, "+h", kLong, nullptr)) != -1;) {
    switch (found) {
      case 't':
        options.topics = parse_topics(optarg);
        break;
      case 'b':
        options.brokers = number_of(optarg, 1, 100, "--brokers");
        break;
      case 'i':
        options.faults.push_back(parse_fault(optarg));
        break;
      case 'd':
        options.delay_ms = number_of(optarg, 0, 600'000, "--delay");
        break;
      case 'h':
        options.help = true;
        break;
      case 'v':
        options.version = true;
        break;
      default:
        throw std::invalid_argument("cannot make sense of '" + std::string(argv[optind - 1]) + "'");
    }
  }
  if (optind < argc) options.command.assign(argv + optind, argv + argc + 1);
  return options;
}

std::string help_text() {
  return R"(usage: weir-broker [--topics NAME:PARTITIONS,…] [OPTION…] [-- COMMAND [ARGUMENT…]]

A throw-away Kafka in memory on 127.0.0.1, for a look and for tests. Prints its address (the port is random) and runs until
SIGTERM or SIGINT; or runs COMMAND with WEIR_BOOTSTRAP set to the address and ends with its exit code. It is librdkafka's mock
cluster, not Apache Kafka: a partition keeps its last 5 MiB, nothing outlives the process, there is no log-in, no TLS, no
admin call, and nothing that it shows proves that a message is delivered once.

  --topics LIST    topics to begin with, such as events:12,audit:3 (one partition when left out)
  --brokers N      brokers in the cluster (1)
  --help, --version

For tests of clients:
  --delay MS       answers come so much later
  --inject FAULT   answer with an error; may be repeated
                     REQUEST:ERROR[@after=N[,times=N]]  after N good ones, so many (1) requests fail. REQUEST is one of
                       )" +
         request_names() + R"(
                   ERROR as librdkafka names it, such as OUT_OF_ORDER_SEQUENCE_NUMBER; _TRANSPORT disconnects.
)";
}

}  // namespace weir::broker
