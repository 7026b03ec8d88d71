#include <unistd.h>

#include <exception>
#include <iostream>
#include <stdexcept>

#include "broker_options.h"
#include "command.h"
#include "mock_cluster.h"

namespace {

using namespace weir::broker;

constexpr const char* kWarning =
    "weir-broker: THIS IS NOT KAFKA. A throw-away broker in memory (librdkafka's mock cluster) on 127.0.0.1: it keeps "
    "the\n"
    "weir-broker: last 5 MiB of a partition, forgets all when it ends, and proves nothing about delivery.\n";

int serve(const Options& options) {
  hold_signals();
  MockCluster cluster(options.brokers);
  for (const Topic& topic : options.topics) cluster.create_topic(topic.name, topic.partitions);
  for (const Fault& fault : options.faults) cluster.inject(fault);
  if (options.delay_ms > 0) cluster.delay_answers(options.delay_ms);
  std::cerr << kWarning;
  if (!options.command.empty()) return run_command(options.command.data(), cluster.bootstrap());
  std::cout << cluster.bootstrap() << std::endl;
  wait_for_end();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parse_options(argc, argv);
    if (options.help) {
      std::cout << help_text();
    } else if (options.version) {
      std::cout << "weir-broker " WEIR_VERSION " (librdkafka " << rd_kafka_version_str() << ")\n";
    } else {
      return serve(options);
    }
    return 0;
  } catch (const std::invalid_argument& error) {
    std::cerr << "weir-broker: " << error.what() << "\nweir-broker: --help says what it takes\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "weir-broker: " << error.what() << '\n';
    return 1;
  }
}
