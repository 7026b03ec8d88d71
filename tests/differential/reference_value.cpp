#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "reference_document.h"

namespace reference {
namespace {

bool lone(std::string_view utf8) { return !valid_utf8(utf8); }

}  // namespace

int describe(const std::string& json, const Node& node, std::string& out) {
  char code[64];
  switch (node.kind) {
    case 'n':
      out = "n";
      return kOk;
    case 'b':
      out = json[0] == 't' ? "t" : "f";
      return kOk;
    case '"': {
      const Plain plain = unescape(json);
      out = "s" + plain.text;
      return plain.lone_surrogate ? kData : kOk;
    }
    case '[':
    case '{':
      out = node.kind + std::to_string(node.members.size());
      return kOk;
    default:
      break;
  }
  if (json.find_first_of(".eE") == std::string::npos && json != "-0") {
    errno = 0;
    const long long integer = std::strtoll(json.c_str(), nullptr, 10);
    if (errno == 0) {
      out = "i" + std::to_string(integer);
      return kOk;
    }
    errno = 0;
    const unsigned long long natural = std::strtoull(json.c_str(), nullptr, 10);
    if (errno == 0 && json[0] != '-') {
      out = "u" + std::to_string(natural);
      return kOk;
    }
  }
  const double value = std::strtod(json.c_str(), nullptr);
  if (value > 1.7976931348623157e308 || value < -1.7976931348623157e308) return kData;
  std::snprintf(code, sizeof code, "d%a", value);
  out = code;
  return kOk;
}

int see(const Member* member, bool is_object, const std::string& json, const Node& node, Seen& seen) {
  if (member != nullptr && is_object) {
    seen.named = true;
    seen.name = member->name;
    if (lone(member->name)) return kData;
  }
  return describe(json, node, seen.value);
}

}  // namespace reference
