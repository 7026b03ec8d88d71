#include "spec/words.h"

#include <algorithm>
#include <limits>

namespace weir::host::spec {
namespace {

/// How many letters have to be changed, added, left out or swapped with their neighbour (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

/// Lower case, '-' as '_': `retryTimeout` and `retry-timeout` are near `retry_timeout`.
std::string plain_form(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c != '-' && c != '_') plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return plain;
}

}  // namespace

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::size_t end = std::min(text.size(), kLongest);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  std::string out = "'";
  for (const char c : text.substr(0, end)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += std::string("\\x") + kDigits[byte >> 4] + kDigits[byte & 15];
    } else {
      out += c;
    }
  }
  return out + (end < text.size() ? "…'" : "'");
}

std::string as_hint(std::string_view sentence) {
  if (sentence.ends_with('.')) sentence.remove_suffix(1);
  std::string hint(sentence);
  const auto upper = [&](std::size_t i) { return hint[i] >= 'A' && hint[i] <= 'Z'; };
  const bool word = hint.size() > 1 && upper(0) && !upper(1);  // not HMAC
  if (word) hint[0] = static_cast<char>(hint[0] - 'A' + 'a');
  return hint;
}

std::string_view nearest(std::string_view name, const std::vector<std::string_view>& known) {
  constexpr std::size_t kLongest = 64;  // beyond it nothing is a slip of the keyboard
  if (name.size() > kLongest) return {};
  const std::string plain = plain_form(name);
  std::string_view best;
  std::size_t best_distance = std::numeric_limits<std::size_t>::max();
  for (const std::string_view candidate : known) {
    const std::size_t far = distance(plain, plain_form(candidate));
    if (far <= std::max<std::size_t>(1, candidate.size() / 3) && far < best_distance) {
      best = candidate;
      best_distance = far;
    }
  }
  return best;
}

std::string joined(const std::vector<std::string_view>& names) {
  std::string out;
  for (const std::string_view name : names) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

std::string suggestion(std::string_view name, const std::vector<std::string_view>& known, std::string_view what) {
  if (const std::string_view near = nearest(name, known); !near.empty())
    return "did you mean '" + std::string(near) + "'?";
  return known.empty() ? std::string() : "known " + std::string(what) + ": " + joined(known);
}

}  // namespace weir::host::spec
