#include "truncate_ip.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace weir::plugins {
namespace {

using Text = std::array<char, INET6_ADDRSTRLEN>;

/// `out` becomes a C string; false: too long for an address, or with a NUL inside.
bool terminate(std::string_view text, Text& out) {
  if (text.size() >= out.size() || text.find('\0') != std::string_view::npos) return false;
  *std::copy(text.begin(), text.end(), out.begin()) = '\0';
  return true;
}

void append_hex_group(std::string& out, unsigned value) {
  std::array<char, 8> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  out.append(digits.data(), end);
}

/// The byte after the decimal number from 0 to 255, without leading zeros, that begins at `at`; 0: there is none.
std::size_t octet_end(std::string_view text, std::size_t at) {
  constexpr std::size_t kMostDigits = 3;
  const std::size_t limit = std::min(text.size(), at + kMostDigits);
  unsigned value = 0;
  std::size_t end = at;
  for (; end < limit && text[end] >= '0' && text[end] <= '9'; ++end)
    value = value * 10 + static_cast<unsigned>(text[end] - '0');
  const bool leading_zero = end > at + 1 && text[at] == '0';
  return end == at || leading_zero || value > 255 ? 0 : end;
}

/// Dotted quads of decimal numbers without leading zeros, as inet_pton takes them: the text of such an address is the only one it has.
bool append_ipv4_network(std::string_view text, std::string& out) {
  std::size_t at = 0;
  for (int octet = 0; octet < 3; ++octet) {
    at = octet_end(text, at);
    if (at == 0 || at == text.size() || text[at] != '.') return false;
    ++at;
  }
  if (octet_end(text, at) != text.size()) return false;
  out.append(text.data(), at).push_back('0');
  return true;
}

bool is_ipv4_mapped(const std::array<std::uint8_t, 16>& bytes) {
  return std::all_of(bytes.begin(), bytes.begin() + 10, [](std::uint8_t b) { return b == 0; }) && bytes[10] == 0xFF &&
         bytes[11] == 0xFF;
}

bool append_ipv6_network(std::string_view text, std::string& out) {
  Text terminated;
  std::array<std::uint8_t, 16> bytes{};
  const bool mixed = text.find('.') != std::string_view::npos;
  if (mixed || !terminate(text, terminated)) return false;
  if (inet_pton(AF_INET6, terminated.data(), bytes.data()) != 1 || is_ipv4_mapped(bytes)) return false;
  std::size_t groups = 3;  // the other five are zero, so the longest run to shorten is always the last
  while (groups > 0 && bytes[2 * groups - 2] == 0 && bytes[2 * groups - 1] == 0) --groups;
  for (std::size_t i = 0; i < groups; ++i) {
    if (i > 0) out += ':';
    append_hex_group(out, static_cast<unsigned>(bytes[2 * i] << 8 | bytes[2 * i + 1]));
  }
  out += "::";
  return true;
}

}  // namespace

std::optional<Reason> TruncateIp::apply(std::string_view text, std::string& out) {
  if (append_ipv4_network(text, out) || append_ipv6_network(text, out)) return std::nullopt;
  return Reason("not a plain IP address");
}

}  // namespace weir::plugins
