#include "protect.h"

#include "json_text/json_text.h"

namespace weir::plugins {
namespace {

/// Ends before a comma, a bracket or white space.
std::size_t word_end(std::string_view json, std::size_t start) {
  const std::size_t end = json.find_first_of(", \t\r\n]", start);
  return end == std::string_view::npos ? json.size() : end;
}

Refusal append_scalar(std::string_view text, TextAction& action, std::string& scratch, std::string& out) {
  if (action.writes_plain()) {
    out += '"';
    const auto refused = action.apply(text, out);
    out += '"';
    return refused;
  }
  scratch.clear();
  const auto refused = action.apply(text, scratch);
  if (!refused) append_json_string(out, scratch);
  return refused;
}

Refusal append_string(std::string_view inside, TextAction& action, std::string& scratch, std::string& out) {
  if (inside.find('\\') == std::string_view::npos) return append_scalar(inside, action, scratch, out);
  std::string text;
  if (!append_unescaped(text, inside)) return Reason("half of a surrogate pair in a text");
  return append_scalar(text, action, scratch, out);
}

}  // namespace

Refusal append_protected(std::string_view json, TextAction& action, std::string& scratch, std::string& out) {
  if (json.front() == '"') return append_string(json.substr(1, json.size() - 2), action, scratch, out);
  for (std::size_t at = 0; at < json.size();) {
    const char c = json[at];
    std::size_t end = at + 1;
    Refusal refused;
    if (c == '{') return Reason("an object where a text is needed");
    if (c == '"') {
      end = string_end(json, at);
      refused = append_string(json.substr(at + 1, end - at - 2), action, scratch, out);
    } else if (c == '-' || (c >= '0' && c <= '9') || c == 't' || c == 'f') {
      end = word_end(json, at);
      refused = append_scalar(json.substr(at, end - at), action, scratch, out);
    } else {
      end = c == 'n' ? word_end(json, at) : end;
      out += json.substr(at, end - at);
    }
    if (refused) return refused;
    at = end;
  }
  return {};
}

}  // namespace weir::plugins
