#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>

#include "consume_options.h"
#include "message_text.h"
#include "plain_consumer.h"

namespace {

using namespace weir::consume;

/// Throws GaveUp when standard output takes no more.
void write(std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) throw GaveUp("cannot write the output");
  text.clear();
}

/// The first SIGTERM lets it finish, the second ends it.
void finish_at_sigterm() {
  struct sigaction action {};
  action.sa_handler = [](int) { PlainConsumer::finish(); };
  action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
  sigaction(SIGTERM, &action, nullptr);
}

void print_messages(const Options& options) {
  finish_at_sigterm();
  PlainConsumer consumer(options);
  if (!options.until_end && options.count < 0) std::setvbuf(stdout, nullptr, _IOLBF, 0);  // someone may be watching
  std::string text;
  for (std::int64_t count = 0; options.count < 0 || count < options.count; ++count) {
    const PlainConsumer::Message message = consumer.next();
    if (!message) break;
    if (options.json) {
      append_json(text, *message);
    } else {
      append_line(text, *message, options.headers);
    }
    write(text);
  }
  if (std::fflush(stdout) != 0) throw GaveUp("cannot write the output");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parse_options(argc, argv);
    if (options.help) {
      std::cout << help_text();
    } else if (options.version) {
      std::cout << "weir-consume " WEIR_VERSION " (librdkafka " << rd_kafka_version_str() << ")\n";
    } else {
      print_messages(options);
    }
    return 0;
  } catch (const std::invalid_argument& error) {
    std::cerr << "weir-consume: " << error.what() << "\nweir-consume: --help says what it takes\n";
    return 2;
  } catch (const std::exception& error) {
    std::fflush(stdout);
    std::cerr << "weir-consume: " << error.what() << '\n';
    return 1;
  }
}
