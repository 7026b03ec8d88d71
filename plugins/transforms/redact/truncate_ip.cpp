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

bool append_ipv4_network(const Text& text, std::string& out) {
  std::array<std::uint8_t, 4> bytes{};
  if (inet_pton(AF_INET, text.data(), bytes.data()) != 1) return false;  // dotted quad, no leading zeros:
  const std::string_view canonical(text.data());                        // so its text is the only one it has
  out.append(canonical.substr(0, canonical.rfind('.') + 1)).append("0");
  return true;
}

bool is_ipv4_mapped(const std::array<std::uint8_t, 16>& bytes) {
  return std::all_of(bytes.begin(), bytes.begin() + 10, [](std::uint8_t b) { return b == 0; }) && bytes[10] == 0xFF &&
         bytes[11] == 0xFF;
}

bool append_ipv6_network(const Text& text, std::string& out) {
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET6, text.data(), bytes.data()) != 1 || is_ipv4_mapped(bytes)) return false;
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
  Text terminated;
  const bool colon = text.find(':') != std::string_view::npos;
  const bool mixed = colon && text.find('.') != std::string_view::npos;
  const bool done = !mixed && terminate(text, terminated) &&
                    (colon ? append_ipv6_network(terminated, out) : append_ipv4_network(terminated, out));
  if (!done) return Reason("not a plain IP address");
  return std::nullopt;
}

}  // namespace weir::plugins
