#include "names.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "unpacking/unpacker.h"

namespace weir::plugins {
namespace {

constexpr unsigned kMostRotations = 100;  // a file moves on from number to number; larger numbers are dates or the like

/// The number that a rotation counts up at the end of a name: 2 of "a.log.2".
std::optional<unsigned> rotation_number(std::string_view digits) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || number > kMostRotations) return std::nullopt;
  return number;
}

}  // namespace

std::vector<std::string> earlier_names(const std::string& path) {
  const std::size_t name = path.rfind('/') + 1;
  std::vector<std::string> earlier;
  std::size_t end = path.size();
  for (std::size_t at = end; at-- > name + 1;) {
    if (path[at] != '.' && path[at] != '-' && path[at] != '_') continue;
    const auto number = rotation_number(std::string_view(path).substr(at + 1, end - at - 1));
    for (unsigned before = number.value_or(0); before-- > 0;)
      earlier.push_back(path.substr(0, at + 1) + std::to_string(before));
    earlier.push_back(path.substr(0, at));
    end = at;
  }
  return earlier;
}

bool may_have_moved(const std::string& from, const std::string& to) {
  if (from == to) return true;
  const std::vector<std::string> earlier = earlier_names(to);
  return std::find(earlier.begin(), earlier.end(), from) != earlier.end();
}

bool is_packed(const std::string& path) { return packing_of(path) != Packing::none; }

}  // namespace weir::plugins
