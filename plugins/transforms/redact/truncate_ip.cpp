#include "truncate_ip.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "sixteen_bytes.h"

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

/// Dotted quads of decimal numbers without leading zeros, as inet_pton takes them: the text of such an address is the only one it has.
/// Addresses have one, two and three digits in no order a processor could guess, so this is arithmetic on a bit for each byte.
bool append_ipv4_network(std::string_view text, std::string& out) {
  constexpr std::size_t kLongest = 15;
  if (text.empty() || text.size() > kLongest) return false;
  const Bytes bytes = zero_padded(text);
  const Bytes values = bytes - '0';
  const std::uint32_t digits = lanes(values < 10);
  const std::uint32_t dots = lanes(bytes == '.');
  const std::uint32_t starts = dots << 1 | 1;      // of the four numbers
  const std::uint32_t two = starts & digits >> 1;  // those with two digits or more, and so on
  const std::uint32_t three = two & digits >> 2;
  const std::uint32_t four = three & digits >> 3;
  const std::uint32_t is_2 = lanes(values == 2);
  const std::uint32_t is_5 = lanes(values == 5);
  const std::uint32_t above_2 = lanes(values > 2);
  const std::uint32_t above_5 = lanes(values > 5);
  const std::uint32_t above_255 = three & (above_2 | (is_2 & (above_5 >> 1 | (is_5 >> 1 & above_5 >> 2))));
  const std::uint32_t zero_first = two & lanes(values == 0);
  const std::uint32_t others = (digits | dots) ^ ((1U << text.size()) - 1);
  const std::uint32_t after_first = dots & (dots - 1);
  const std::uint32_t third = after_first & (after_first - 1);  // and those behind it
  const std::uint32_t after_third = third & (third - 1);
  if ((others | (starts & ~digits) | four | above_255 | zero_first | after_third) != 0 || third == 0) return false;
  out.append(text.data(), static_cast<std::size_t>(std::countr_zero(third)) + 1).push_back('0');
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

Refusal TruncateIp::apply(std::string_view text, std::string& out) {
  if (append_ipv4_network(text, out) || append_ipv6_network(text, out)) return {};
  return Reason("not a plain IP address");
}

}  // namespace weir::plugins
