#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace weir::consume {

inline constexpr const char* kAllTopics = "*";

struct Options {
  std::string bootstrap;
  std::string topic;                                        // kAllTopics: every one
  std::vector<std::pair<std::string, std::string>> config;  // librdkafka's own property names
  std::int64_t count = -1;                                  // end after so many messages; -1: no
  bool until_end = false;                                   // end at the ends of the partitions
  int timeout_s = 60;                                       // without a message
  bool json = false;
  bool headers = false;
  bool help = false;
  bool version = false;
};

/// Throws std::invalid_argument with what is wrong.
[[nodiscard]] Options parse_options(int argc, char** argv);

[[nodiscard]] std::string help_text();

}  // namespace weir::consume
