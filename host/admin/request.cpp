#include "admin/request.h"

namespace weir::host::admin {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size() || digit_of(text[i + 1]) < 0 || digit_of(text[i + 2]) < 0) return std::nullopt;
    decoded += static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2]));
    i += 2;
  }
  return decoded;
}

/// The text up to the first `separator`, which both are cut off `rest`.
std::string_view take_part(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

}  // namespace

std::optional<Request> parse_target(std::string_view target) {
  if (!target.starts_with('/')) return std::nullopt;
  std::string_view query = target;
  std::string_view path = take_part(query, '?').substr(1);
  Request request;
  while (!path.empty()) {
    auto segment = percent_decode(take_part(path, '/'));
    if (!segment) return std::nullopt;
    request.path.push_back(*std::move(segment));
  }
  while (!query.empty()) {
    std::string_view value = take_part(query, '&');
    auto name = percent_decode(take_part(value, '='));
    auto decoded = percent_decode(value);
    if (!name || !decoded) return std::nullopt;
    request.query[*std::move(name)] = *std::move(decoded);
  }
  return request;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return encoded;
}

Reply text_reply(unsigned status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text) + "\n"};
}

}  // namespace weir::host::admin
