#include "fault.h"

#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace weir::broker {
namespace {

// ApiKey of the Kafka protocol guide.
constexpr std::array<std::pair<std::string_view, std::int16_t>, 7> kRequests{{{"produce", 0},
                                                                              {"fetch", 1},
                                                                              {"list_offsets", 2},
                                                                              {"metadata", 3},
                                                                              {"find_coordinator", 10},
                                                                              {"api_versions", 18},
                                                                              {"init_producer_id", 22}}};

constexpr std::uint32_t kMostRequests = 1'000'000;

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
  throw std::invalid_argument("'" + std::string(text) + "': " + why);
}

std::int16_t request_of(std::string_view name, std::string_view text) {
  for (const auto& [known, key] : kRequests)
    if (known == name) return key;
  refuse(text, "no request '" + std::string(name) + "', one of " + request_names());
}

rd_kafka_resp_err_t error_of(std::string_view name, std::string_view text) {
  const rd_kafka_err_desc* errors = nullptr;
  std::size_t count = 0;
  rd_kafka_get_err_descs(&errors, &count);
  for (std::size_t i = 0; i < count; ++i)
    if (errors[i].name != nullptr && errors[i].name == name) return errors[i].code;
  refuse(text, "no error '" + std::string(name) + "', use librdkafka's names such as TOPIC_AUTHORIZATION_FAILED");
}

std::uint32_t number_of(std::string_view digits, std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || number > kMostRequests)
    refuse(text, "'" + std::string(digits) + "' is no number up to " + std::to_string(kMostRequests));
  return number;
}

void read_options(Fault& fault, std::string_view options, std::string_view text) {
  while (!options.empty()) {
    const std::string_view option = options.substr(0, options.find(','));
    options.remove_prefix(std::min(option.size() + 1, options.size()));
    if (option.starts_with("after=")) {
      fault.after = number_of(option.substr(6), text);
    } else if (option.starts_with("times=")) {
      fault.times = number_of(option.substr(6), text);
    } else {
      refuse(text, "no option '" + std::string(option) + "', after=N or times=N");
    }
  }
}

}  // namespace

Fault parse_fault(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) refuse(text, "no ':' between the request and the error");
  const std::string_view where = text.substr(0, colon);
  const std::size_t at = text.find('@', colon);
  const std::string_view error = text.substr(colon + 1, at == std::string_view::npos ? at : at - colon - 1);
  Fault fault;
  fault.error = error_of(error, text);
  fault.request = request_of(where, text);
  if (at != std::string_view::npos) read_options(fault, text.substr(at + 1), text);
  return fault;
}

std::string request_names() {
  std::string names;
  for (const auto& [name, key] : kRequests) names += (names.empty() ? "" : " ") + std::string(name);
  return names;
}

}  // namespace weir::broker
