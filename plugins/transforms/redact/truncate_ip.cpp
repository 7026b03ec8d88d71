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

struct Octet {
  unsigned size;  // in digits
  unsigned good;  // 1 or 0
};

/// 1: less than, 0: not; both below 2^31. Said so that no compiler makes a branch of it.
constexpr unsigned is_less(unsigned a, unsigned b) { return (a - b) >> 31; }

/// The decimal number that `at`, three readable bytes, begins with: good from 0 to 255, without leading zeros. Addresses have one, two and
/// three digits in no order a processor could guess, so nothing here is a branch.
Octet octet_at(const char* at) {
  const auto digit = [at](int i) -> unsigned { return static_cast<unsigned char>(at[i] - '0'); };
  const unsigned two = is_less(digit(1), 10);
  const unsigned three = is_less(digit(2), 10) & two;
  const unsigned value_of_two = digit(0) + two * (9 * digit(0) + digit(1));
  const unsigned value = value_of_two + three * (9 * value_of_two + digit(2));
  const unsigned leading_zero = is_less(digit(0), 1) & two;
  return {1 + two + three, is_less(digit(0), 10) & is_less(value, 256) & ~leading_zero};
}

/// Dotted quads of decimal numbers without leading zeros, as inet_pton takes them: the text of such an address is the only one it has.
bool append_ipv4_network(std::string_view text, std::string& out) {
  constexpr std::size_t kLongest = 15;
  if (text.size() > kLongest) return false;
  std::array<char, kLongest + 1> padded{};
  std::copy(text.begin(), text.end(), padded.begin());
  std::size_t at = 0;
  unsigned good = 1;
  for (int octet = 0; octet < 3; ++octet) {
    const Octet next = octet_at(padded.data() + at);
    at += next.size;
    good &= next.good & (padded[at] == '.' ? 1U : 0U);
    ++at;
  }
  const Octet last = octet_at(padded.data() + at);
  if ((good & last.good) == 0 || at + last.size != text.size()) return false;
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
