// Any bytes as a list of deleted people. A slow reading by hand says which identities it names, or that it is to be refused; nothing
// that stands in it may be in the words of a refusal.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "../../plugins/transforms/suppress/list_reader.h"

namespace {

using Identity = std::pair<std::string, std::string>;

std::string_view without_blanks(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// RFC 3629, by decoding.
bool is_text(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i++]);
    if (lead < 0x20 || lead == 0x7F) return false;
    if (lead < 0x80) continue;
    const int tail = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC0 || lead > 0xF7) return false;
    std::uint32_t point = lead & (0x3FU >> tail);
    for (int k = 0; k < tail; ++k) {
      if (i == bytes.size() || (static_cast<unsigned char>(bytes[i]) & 0xC0U) != 0x80) return false;
      point = point << 6 | (static_cast<unsigned char>(bytes[i++]) & 0x3FU);
    }
    constexpr std::uint32_t kSmallest[] = {0, 0x80, 0x800, 0x10000};
    if (point < kSmallest[tail] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
  }
  return true;
}

/// Empty: to be refused.
std::optional<std::set<Identity>> read_slowly(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::set<Identity> identities;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    const std::string_view line = without_blanks(text.substr(0, size));
    text.remove_prefix(std::min(size + 1, text.size()));
    if (line.empty() || line[0] == '#') continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view kind = without_blanks(line.substr(0, colon));
    const std::string_view value = without_blanks(line.substr(colon + 1));
    if (kind != "a" && kind != "b") return std::nullopt;
    if (value.empty() || !is_text(value) || value.find(" #") != std::string_view::npos) return std::nullopt;
    identities.emplace(kind, value);
  }
  return identities;
}

void check(bool right) {
  if (!right) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir::plugins;
  static const IdentityHasher hasher({"a", "b"});
  static const int file = memfd_create("list", MFD_CLOEXEC);
  check(file >= 0 && ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == static_cast<ssize_t>(size));
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto expected = read_slowly(text);
  try {
    const IdentitySet set = read_list(file, hasher);
    check(expected.has_value() && set.size() == expected->size());
    for (const auto& [kind, value] : *expected) check(set.contains(hasher.hash(hasher.kind(kind).value(), value)));
  } catch (const ListError& error) {
    check(!expected.has_value());
    check(text.find("canary") == std::string_view::npos ||
          std::string_view(error.what()).find("canary") == std::string_view::npos);
  }
  return 0;
}
