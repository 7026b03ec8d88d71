#include "fingerprint.h"

#include <charconv>
#include <utility>

namespace weir::plugins {
namespace {

std::string digits(std::uint64_t number, int base) {
  char text[64];
  const auto end = std::to_chars(std::begin(text), std::end(text), number, base).ptr;
  return {text, end};
}

std::optional<std::uint64_t> number(std::string_view text, int base) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The numbers on both sides of a colon.
std::optional<std::pair<std::uint64_t, std::uint64_t>> pair(std::string_view text, int second_base) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto first = number(text.substr(0, colon), 10);
  const auto second = number(text.substr(colon + 1), second_base);
  if (!first || !second) return std::nullopt;
  return std::pair(*first, *second);
}

}  // namespace

Fingerprint fingerprint_of(std::string_view start) {
  start = start.substr(0, Fingerprint::kBytes);
  return {static_cast<std::uint32_t>(start.size()), fnv1a(start)};
}

bool begins_with(std::string_view start, const Fingerprint& first) {
  return start.size() >= first.bytes && fingerprint_of(start.substr(0, first.bytes)) == first;
}

std::string to_text(const FileKey& key) { return digits(key.device, 10) + ':' + digits(key.inode, 10); }

std::string to_text(const Fingerprint& first) { return digits(first.bytes, 10) + ':' + digits(first.hash, 16); }

std::optional<FileKey> parse_key(std::string_view text) {
  const auto both = pair(text, 10);
  if (!both) return std::nullopt;
  return FileKey{both->first, both->second};
}

std::optional<Fingerprint> parse_fingerprint(std::string_view text) {
  const auto both = pair(text, 16);
  if (!both || both->first > Fingerprint::kBytes) return std::nullopt;
  return Fingerprint{static_cast<std::uint32_t>(both->first), both->second};
}

}  // namespace weir::plugins
