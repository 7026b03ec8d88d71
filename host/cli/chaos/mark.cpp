#include "cli/chaos/mark.h"

#include "crypto/fingerprint.h"

namespace weir::host::cli::chaos {
namespace {

bool is_plain(char c) { return c > ' ' && c < '\x7f' && c != '@' && c != '#' && c != '%'; }

void append_escaped(std::string& text, std::string_view bytes) {
  for (const char& c : bytes) {
    if (is_plain(c))
      text += c;
    else
      text += "%" + crypto::hex({&c, 1});
  }
}

}  // namespace

std::string mark_text(std::string_view partition, std::string_view offset) {
  std::string text;
  append_escaped(text, offset);
  text += '@';
  append_escaped(text, partition);
  return text;
}

std::string numbered_mark(const std::string& mark, std::size_t number) {
  if (number == 0) return mark;
  return std::string(mark).insert(mark.find('@'), "#" + std::to_string(number));
}

Mark split_mark(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) return {};
  return {text.substr(at + 1), text.substr(0, at)};
}

}  // namespace weir::host::cli::chaos
