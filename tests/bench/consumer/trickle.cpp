#include "trickle.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <stdexcept>

#include "consumer.h"

namespace weir::bench {
namespace {

constexpr std::string_view kBeforeId = "{\"message_id\":\"";
constexpr std::size_t kNumberAt =
    kBeforeId.size() + 24;  // tests/support/generate_events.py: the number in 12 hex digits
constexpr std::size_t kNumberDigits = 12;

std::vector<std::string> read_lines(const std::string& events, long count) {
  std::ifstream file(events);
  std::vector<std::string> lines;
  for (std::string line; static_cast<long>(lines.size()) < count && std::getline(file, line);)
    lines.push_back(line + "\n");
  if (static_cast<long>(lines.size()) < count) throw std::runtime_error(events + " holds too few events");
  return lines;
}

void sleep_until(double due) {
  for (double left = due - now_s(); left > 0; left = due - now_s())
    if (left > 2e-4) usleep(static_cast<useconds_t>((left - 1e-4) * 1e6));
}

}  // namespace

Trickle::Trickle(const std::string& events, const std::string& file, double rate, long count)
    : rate_(rate), lines_(read_lines(events, count)), written_(lines_.size()) {
  for (auto& written : written_) written = -1;
  const int out = open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (out < 0) throw std::runtime_error("cannot append to " + file);
  thread_ = std::thread([this, out] { run(out); });
}

Trickle::~Trickle() {
  is_ended_ = true;
  thread_.join();
}

void Trickle::run(int file) {
  const double start = now_s();
  for (std::size_t number = 0; number < lines_.size() && !is_ended_; ++number) {
    sleep_until(start + static_cast<double>(number) / rate_);
    written_[number] = now_s();
    const std::string& line = lines_[number];
    if (write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size())) break;  // what is missing is missed
  }
  close(file);
}

double Trickle::written_at(std::string_view value) const {
  const long number = number_of(value);
  return number >= 0 && number < static_cast<long>(written_.size()) ? written_[static_cast<std::size_t>(number)].load()
                                                                    : -1;
}

long Trickle::number_of(std::string_view value) {
  if (value.size() < kNumberAt + kNumberDigits) return -1;
  long number = -1;
  const char* digits = value.data() + kNumberAt;
  std::from_chars(digits, digits + kNumberDigits, number, 16);
  return number;
}

}  // namespace weir::bench
