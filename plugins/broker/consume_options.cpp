#include "consume_options.h"

#include <getopt.h>

#include <charconv>
#include <stdexcept>
#include <string_view>

namespace weir::consume {
namespace {

std::int64_t natural(std::string_view digits, const char* option) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || number < 0)
    throw std::invalid_argument(std::string(option) + " wants a number, not '" + std::string(digits) + "'");
  return number;
}

std::pair<std::string, std::string> property(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string_view::npos)
    throw std::invalid_argument("--config wants NAME=VALUE");  // the text may be a password
  return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

void read_option(Options& options, int found, char** argv) {
  switch (found) {
    case 'c':
      options.config.push_back(property(optarg));
      break;
    case 'n':
      options.count = natural(optarg, "--count");
      break;
    case 'e':
      options.until_end = true;
      break;
    case 't':
      options.timeout_s = static_cast<int>(std::min<std::int64_t>(natural(optarg, "--timeout"), 86'400));
      break;
    case 'j':
      options.json = true;
      break;
    case 'H':
      options.headers = true;
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

}  // namespace

Options parse_options(int argc, char** argv) {
  static constexpr option kLong[] = {{"config", required_argument, nullptr, 'c'},
                                     {"count", required_argument, nullptr, 'n'},
                                     {"until-end", no_argument, nullptr, 'e'},
                                     {"timeout", required_argument, nullptr, 't'},
                                     {"json", no_argument, nullptr, 'j'},
                                     {"headers", no_argument, nullptr, 'H'},
                                     {"help", no_argument, nullptr, 'h'},
                                     {"version", no_argument, nullptr, 'v'},
                                     {nullptr, 0, nullptr, 0}};
  Options options;
  opterr = 0;
  for (int found = 0; (found = getopt_long(argc, argv, "h", kLong, nullptr)) != -1;) read_option(options, found, argv);
  if (options.help || options.version) return options;
  if (argc - optind != 2) throw std::invalid_argument("wants BOOTSTRAP and TOPIC");
  if (std::string_view(argv[optind + 1]) == kAllTopics && !options.json)
    throw std::invalid_argument("every topic wants --json, which says of each message where it was");
  options.bootstrap = argv[optind];
  options.topic = argv[optind + 1];
  return options;
}

std::string help_text() {
  return R"(usage: weir-consume BOOTSTRAP TOPIC [OPTION…]

Prints a Kafka topic from its beginning, partition after partition as messages come, one line each; with the TOPIC '*' every
topic, also those that come later:

  PARTITION <tab> OFFSET <tab> KEY <tab> VALUE          bytes as they are; null prints nothing

  --count N        end after N messages
  --until-end      end when every partition was read to its end
  --timeout S      give up, with exit code 1, after S seconds without a message (60)
  --headers        a fifth column NAME=VALUE;NAME=VALUE
  --json           a JSON object a line instead: topic, partition, offset, timestamp_ms, key, value (null is null;
                   key_base64 and value_base64 when not UTF-8) and headers
  --config K=V     one of librdkafka's properties; may be repeated
  --help, --version

Joins no group and commits nothing. At SIGTERM it reads on to where the partitions end then, and is done. Exit codes: 0 done, 1 gave up or the topic cannot be read, 2 usage.
)";
}

}  // namespace weir::consume
