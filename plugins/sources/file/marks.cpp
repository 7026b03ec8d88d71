#include "marks.h"

#include <charconv>

namespace weir::plugins {
namespace {

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Cuts off and returns what stands before the first `mark`, or all.
std::string_view cut(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  const std::string_view front = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return front;
}

std::optional<Seen> parse_seen(std::string_view text) {
  const auto generation = number<std::uint32_t>(cut(text, ' '));
  const auto key = parse_key(cut(text, ' '));
  const auto first = parse_fingerprint(cut(text, ' '));
  const auto length = number<std::uint64_t>(text);
  if (!generation || !key || !first || (!text.empty() && !length)) return std::nullopt;
  return Seen{*generation, *key, *first, length};
}

}  // namespace

std::string history_partition(std::string_view path) { return std::string(path) + "//files"; }

std::string owner_partition(const FileKey& key) { return "//" + to_text(key); }

std::string to_text(const Place& place) {
  const std::string offset = std::to_string(place.offset);
  return place.generation == 1 ? offset : offset + '@' + std::to_string(place.generation);
}

std::string to_text(const std::vector<Seen>& history) {
  std::string text;
  for (const Seen& seen : history) {
    if (!text.empty()) text += ',';
    text += std::to_string(seen.generation) + ' ' + to_text(seen.key) + ' ' + to_text(seen.first);
    if (seen.length) text += ' ' + std::to_string(*seen.length);
  }
  return text;
}

std::string to_text(const Owner& owner) {
  return std::to_string(owner.generation) + ' ' + to_text(owner.first) + ' ' + owner.chain;
}

std::optional<Place> parse_place(std::string_view text) {
  const bool first = text.find('@') == std::string_view::npos;
  const auto offset = number<std::uint64_t>(cut(text, '@'));
  const auto generation = first ? std::optional<std::uint32_t>(1) : number<std::uint32_t>(text);
  if (!offset || !generation || *generation == 0) return std::nullopt;
  return Place{*offset, *generation};
}

std::vector<Seen> parse_history(std::string_view text) {
  std::vector<Seen> history;
  while (!text.empty()) {
    const auto seen = parse_seen(cut(text, ','));
    if (!seen) return {};
    history.push_back(*seen);
  }
  return history;
}

std::optional<Owner> parse_owner(std::string_view text) {
  const auto generation = number<std::uint32_t>(cut(text, ' '));
  const auto first = parse_fingerprint(cut(text, ' '));
  if (!generation || !first || text.empty()) return std::nullopt;
  return Owner{std::string(text), *generation, *first};
}

}  // namespace weir::plugins
