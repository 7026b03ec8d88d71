#include "events.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace weir::bench {

Events::Events(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  bytes_.assign(std::istreambuf_iterator<char>(file), {});
  const std::size_t size = bytes_.size();
  if (size == 0 || bytes_.back() != '\n') throw std::runtime_error(path + " cannot be read, or has no whole line");
  bytes_.resize(size + ByHand::kPadding);
  for (std::size_t at = 0; at < size;) {
    const std::size_t end = bytes_.find('\n', at);
    const std::string_view line(bytes_.data() + at, end - at);
    const ByHand::Event found = by_hand_.find(line, bytes_.size() - at);
    events_.push_back({line, found.email, found.is_dropped()});
    at = end + 1;
  }
}

std::string_view Events::redacted(const Event& event) {
  const auto room = static_cast<std::size_t>(bytes_.data() + bytes_.size() - event.line.data());
  return by_hand_.redact(event.line, by_hand_.find(event.line, room));
}

}  // namespace weir::bench
