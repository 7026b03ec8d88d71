#include "observe/line.h"

#include <array>
#include <ctime>

namespace weir::host::observe {
namespace {

constexpr char kHex[] = "0123456789abcdef";

/// Length of the well-formed UTF-8 sequence (RFC 3629) at the start of `text`; 0: there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool surrogate = first == 0xed && byte(1) > 0x9f;
  const bool beyond = first == 0xf4 && byte(1) > 0x8f;
  return overlong || surrogate || beyond ? 0 : length;
}

/// Controls of ASCII and the two-byte ones after it (U+0080 to U+009F), which terminals obey too.
bool is_control(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return first < 0x20 || first == 0x7f;
  return first == 0xc2 && static_cast<unsigned char>(sequence[1]) < 0xa0;
}

void append_hex(std::string& out, unsigned char byte) {
  out += "\\x";
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

/// Readable text: everything a terminal would obey, and every byte that is no UTF-8, as \n or \xNN.
void append_plain(std::string& out, std::string_view text, bool quoted) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const std::string_view sequence = text.substr(0, length == 0 ? 1 : length);
    if (sequence == "\n") {
      out += "\\n";
    } else if (length == 0 || is_control(sequence)) {
      for (const char c : sequence) append_hex(out, static_cast<unsigned char>(c));
    } else {
      if (quoted && (sequence == "\"" || sequence == "\\")) out += '\\';
      out += sequence;
    }
    text.remove_prefix(sequence.size());
  }
}

void append_json(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const std::string_view sequence = text.substr(0, length == 0 ? 1 : length);
    const auto first = static_cast<unsigned char>(sequence[0]);
    if (length == 0) {
      out += "\\ufffd";
    } else if (sequence == "\"" || sequence == "\\") {
      out += '\\';
      out += sequence;
    } else if (is_control(sequence)) {
      const unsigned char low = sequence.size() == 1 ? first : static_cast<unsigned char>(sequence[1]);
      out += "\\u00";
      out += kHex[low >> 4];
      out += kHex[low & 15];
    } else {
      out += sequence;
    }
    text.remove_prefix(sequence.size());
  }
  out += '"';
}

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte == 0x7f || c == '"' || c == '=' || c == '\\') return true;
  }
  return false;
}

void append_field(std::string& out, LogFormat format, std::string_view key, const LogValue& value) {
  if (format == LogFormat::json) {
    out += ',';
    append_json(out, key);
    out += ':';
    if (value.is_number) {
      out += value.text;
    } else {
      append_json(out, value.text);
    }
    return;
  }
  const bool quoted = needs_quotes(value.text);
  out += ' ';
  append_plain(out, key, false);
  out += quoted ? "=\"" : "=";
  append_plain(out, value.text, quoted);
  if (quoted) out += '"';
}

/// `2026-11-22T14:00:00.123Z` (RFC 3339).
std::string time_text(std::int64_t time_ms) {
  const std::int64_t ms = ((time_ms % 1000) + 1000) % 1000;
  const auto seconds = static_cast<std::time_t>((time_ms - ms) / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::string out(text.data(), size);
  out += '.';
  out += static_cast<char>('0' + ms / 100);
  out += static_cast<char>('0' + ms / 10 % 10);
  out += static_cast<char>('0' + ms % 10);
  out += 'Z';
  return out;
}

}  // namespace

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::error:
      return "error";
    case LogLevel::warn:
      return "warn";
    case LogLevel::info:
      return "info";
    case LogLevel::debug:
      return "debug";
    case LogLevel::trace:
      return "trace";
  }
  return "error";
}

std::string format_line(LogFormat format, const Line& line) {
  std::string out;
  out.reserve(160);
  if (format == LogFormat::json) {
    out += R"({"time":")" + time_text(line.time_ms) + R"(","level":")";
    out += level_name(line.level);
    out += R"(","message":)";
    append_json(out, line.sentence);
  } else {
    out += time_text(line.time_ms);
    out += ' ';
    out += level_name(line.level);
    out += level_name(line.level).size() < 5 ? "  " : " ";
    append_plain(out, line.sentence, false);
  }
  for (const auto& [key, value] : line.context) append_field(out, format, key, value);
  for (const auto& [key, value] : line.fields) append_field(out, format, key, value);
  if (format == LogFormat::json) out += '}';
  return out;
}

}  // namespace weir::host::observe
