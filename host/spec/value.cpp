#include "spec/value.h"

#include <charconv>

namespace weir::host::spec {
namespace {

/// One part of a pointer: "~1" is '/', "~0" is '~'.
std::string unescape(std::string_view part) {
  std::string name;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool escaped = part[i] == '~' && i + 1 < part.size() && (part[i + 1] == '0' || part[i + 1] == '1');
    name += escaped ? (part[i + 1] == '1' ? '/' : '~') : part[i];
    if (escaped) ++i;
  }
  return name;
}

const Value* child(const Value& value, const std::string& name) {
  for (const auto& [key, member] : value.members) {
    if (key == name) return &member;
  }
  std::size_t index = 0;
  const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), index);
  const bool is_index = failed == std::errc() && end == name.data() + name.size();
  return is_index && index < value.items.size() ? &value.items[index] : nullptr;
}

void write_text(std::string_view text, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (const std::size_t known = kShort.find(c); known != std::string_view::npos) {
      out += '\\';
      out += kLetters[known];
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void write(const Value& value, std::string& out) {
  switch (value.type) {
    case WEIR_NULL:
      out += "null";
      break;
    case WEIR_BOOL:
      out += value.boolean ? "true" : "false";
      break;
    case WEIR_STRING:
      write_text(value.text, out);
      break;
    case WEIR_ARRAY:
      out += '[';
      for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (i != 0) out += ',';
        write(value.items[i], out);
      }
      out += ']';
      break;
    case WEIR_OBJECT:
      out += '{';
      for (std::size_t i = 0; i < value.members.size(); ++i) {
        if (i != 0) out += ',';
        write_text(value.members[i].name, out);
        out += ':';
        write(value.members[i].value, out);
      }
      out += '}';
      break;
    default:
      out += value.text;
  }
}

}  // namespace

const Value* Value::at(std::string_view pointer) const {
  const Value* value = this;
  while (value != nullptr && !pointer.empty()) {
    const std::size_t slash = pointer.find('/');
    value = child(*value, unescape(pointer.substr(0, slash)));
    if (slash == std::string_view::npos) break;
    pointer.remove_prefix(slash + 1);
  }
  return value;
}

std::string Value::json() const {
  std::string out;
  write(*this, out);
  return out;
}

}  // namespace weir::host::spec
