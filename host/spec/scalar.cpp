#include "spec/scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <limits>

namespace weir::host::spec {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Cuts the digits at the front; false: there are none.
bool cut_digits(std::string_view& text) {
  const auto count = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  text.remove_prefix(count);
  return count != 0;
}

bool cut(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

template <typename T>
std::optional<T> whole(std::string_view text) {
  T value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

template <std::size_t N>
std::optional<std::int64_t> with_unit(std::string_view text, const std::array<Unit, N>& units) {
  std::string_view name = text;
  if (!cut_digits(name)) return std::nullopt;
  const auto count = whole<std::int64_t>(text.substr(0, text.size() - name.size()));
  if (!count) return std::nullopt;
  if (name.empty()) return *count == 0 ? count : std::nullopt;
  const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& known) { return known.name == name; });
  if (unit == units.end() || *count > std::numeric_limits<std::int64_t>::max() / unit->factor) return std::nullopt;
  return *count * unit->factor;
}

constexpr std::array<Unit, 5> kDurations = {
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 10> kSizes = {{{"B", 1},
                                          {"kB", 1000},
                                          {"KB", 1000},
                                          {"MB", 1'000'000},
                                          {"GB", 1'000'000'000},
                                          {"TB", 1'000'000'000'000},
                                          {"KiB", 1LL << 10},
                                          {"MiB", 1LL << 20},
                                          {"GiB", 1LL << 30},
                                          {"TiB", 1LL << 40}}};

}  // namespace

bool is_json_number(std::string_view text) {
  cut(text, '-');
  if (!cut(text, '0') && !cut_digits(text)) return false;
  if (cut(text, '.') && !cut_digits(text)) return false;
  if (cut(text, 'e') || cut(text, 'E')) {
    if (!cut(text, '+')) cut(text, '-');
    if (!cut_digits(text)) return false;
  }
  return text.empty();
}

ScalarType scalar_type(const Node& scalar) {
  if (scalar.quoted) return ScalarType::text;
  if (scalar.text.empty() || scalar.text == "null") return ScalarType::null;
  if (scalar.text == "true" || scalar.text == "false") return ScalarType::boolean;
  return is_json_number(scalar.text) ? ScalarType::number : ScalarType::text;
}

Value number_value(std::string_view text) {
  Value value;
  value.text = text;
  if (const auto integer = whole<std::int64_t>(text); integer && text != "-0") {
    value.type = WEIR_INT;
    value.integer = *integer;
  } else if (const auto natural = whole<std::uint64_t>(text)) {
    value.type = WEIR_UINT;
    value.uinteger = *natural;
  } else {
    value.type = WEIR_DOUBLE;
    value.number = std::strtod(value.text.c_str(), nullptr);
  }
  return value;
}

std::optional<std::int64_t> parse_duration(std::string_view text) { return with_unit(text, kDurations); }

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto bytes = with_unit(text, kSizes);
  if (!bytes) return std::nullopt;
  return static_cast<std::uint64_t>(*bytes);
}

bool is_topic_name(std::string_view text) {
  constexpr std::size_t kLongest = 249;
  const auto legal = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= kLongest && text != "." && text != ".." &&
         std::all_of(text.begin(), text.end(), legal);
}

}  // namespace weir::host::spec
