#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "fault.h"

namespace weir::broker {

struct Topic {
  std::string name;
  int partitions = 1;
};

struct Options {
  std::vector<Topic> topics;
  std::vector<Fault> faults;
  int brokers = 1;
  int delay_ms = 0;
  std::vector<char*> command;  // into argv, ends with a null pointer when there is one; empty: none
  bool help = false;
  bool version = false;
};

/// Throws std::invalid_argument with what is wrong.
[[nodiscard]] Options parse_options(int argc, char** argv);

[[nodiscard]] std::string help_text();

}  // namespace weir::broker
