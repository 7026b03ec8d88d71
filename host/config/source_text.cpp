#include "config/source_text.h"

#include <algorithm>
#include <cstdint>

namespace weir::host::config {
namespace {

constexpr std::size_t kBlock = 256;

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// Length of the sequence that begins with this byte, 0 for none (RFC 3629).
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

/// The second byte rules out overlong forms, surrogates and what lies beyond U+10FFFF.
bool second_byte_fits(unsigned char lead, unsigned char second) {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0;
    case 0xED:
      return second < 0xA0;
    case 0xF0:
      return second >= 0x90;
    case 0xF4:
      return second < 0x90;
    default:
      return true;
  }
}

bool valid_sequence(std::string_view text, std::size_t at, std::size_t length) {
  if (length == 0 || at + length > text.size()) return false;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[at + i])) return false;
  }
  return length == 1 ||
         second_byte_fits(static_cast<unsigned char>(text[at]), static_cast<unsigned char>(text[at + 1]));
}

std::string control_name(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return std::string("U+00") + kDigits[byte >> 4] + kDigits[byte & 15];
}

/// What a character can cost yaml-cpp in a flow collection, bytes; measured on 0.7.0 with a mebibyte of each.
std::size_t token_cost(char c) {
  switch (c) {
    case '[':
    case '{':
      return 256;
    case ',':
      return 288;
    case ':':
      return 192;
    case ']':
    case '}':
    case '*':
    case '&':
    case '!':
      return 96;
    case '"':
    case '\'':
      return 48;
    default:
      return 0;
  }
}

}  // namespace

SourceText::SourceText(std::string_view text) : text_(text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  line_starts_.push_back(0);
  std::size_t code_points = 0;
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (i % kBlock == 0) code_points_.push_back(code_points);
    code_points += is_continuation(text_[i]) ? 0 : 1;
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
  }
}

spec::Mark SourceText::mark(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const std::size_t column = code_points_before(offset) - code_points_before(*(next - 1)) + 1;
  return {static_cast<std::size_t>(next - line_starts_.begin()), column};
}

std::size_t SourceText::code_points_before(std::size_t offset) const {
  if (code_points_.empty()) return 0;
  const std::size_t block = std::min(offset / kBlock, code_points_.size() - 1);
  const std::string_view rest = text_.substr(block * kBlock, offset - block * kBlock);
  const auto count = std::count_if(rest.begin(), rest.end(), [](char c) { return !is_continuation(c); });
  return code_points_[block] + static_cast<std::size_t>(count);
}

std::string_view SourceText::from(std::size_t offset) const { return text_.substr(std::min(offset, text_.size())); }

std::size_t SourceText::line_start(std::size_t number) const {
  return number == 0 || number > line_starts_.size() ? text_.size() : line_starts_[number - 1];
}

std::string_view SourceText::line(std::size_t number) const {
  const std::size_t start = line_start(number);
  std::string_view line = text_.substr(start, text_.find('\n', start) - start);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::size_t SourceText::offset(int line, int column) const {
  if (line < 0 || column < 0) return 0;
  return std::min(line_start(static_cast<std::size_t>(line) + 1) + static_cast<std::size_t>(column), text_.size());
}

std::optional<std::size_t> invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(static_cast<unsigned char>(text[at]));
    if (!valid_sequence(text, at, length)) return at;
    at += length;
  }
  return std::nullopt;
}

std::optional<Complaint> unreadable(const SourceText& source) {
  const std::string_view text = source.text();
  if (const auto bad = invalid_utf8(text)) {
    return Complaint{source.mark(*bad), "the file is not valid UTF-8 here", "save it as UTF-8"};
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '\r' && source.from(at + 1).starts_with('\n')) continue;
    if (byte == '\t' || byte == '\n' || (byte >= 0x20 && byte != 0x7F)) continue;
    return Complaint{
        source.mark(at), "the file has a control character (" + control_name(byte) + ") here",
        byte == '\r' ? "end lines with a line feed" : "inside double quotes it can be written as an escape"};
  }
  return std::nullopt;
}

std::optional<Complaint> too_dense(const SourceText& source) {
  constexpr std::size_t kBudget = 40u << 20;
  std::size_t cost = 0;
  for (std::size_t at = 0; at < source.text().size(); ++at) {
    cost += token_cost(source.text()[at]);
    if (cost > kBudget) {
      return Complaint{source.mark(at), "the file has too many of [ ] { } , : and quotes for a configuration",
                       "split it into several files"};
    }
  }
  return std::nullopt;
}

}  // namespace weir::host::config
