#include <charconv>
#include <cmath>
#include <cstring>

#include "json/index.h"
#include "json/members.h"
#include "json/number.h"
#include "json/text.h"
#include "json/tree.h"
#include "record/arena.h"

namespace weir::host::json {
namespace {

constexpr std::size_t kKeep = 1024 * 1024;
constexpr std::size_t kLongestNumber = 32;

std::string_view write_double(double value, char* out) {
  const auto [end, error] = std::to_chars(out, out + kLongestNumber, value);
  std::string_view text(out, static_cast<std::size_t>(end - out));
  if (text.find_first_of(".e") == std::string_view::npos) {  // stays a double when read again
    std::memcpy(out + text.size(), ".0", 2);
    text = {out, text.size() + 2};
  }
  return text;
}

template <typename Integer>
std::string_view write_integer(Integer value, char* out) {
  const auto [end, error] = std::to_chars(out, out + kLongestNumber, value);
  return {out, static_cast<std::size_t>(end - out)};
}

std::string_view quoted(Tree& tree, std::string_view plain) {
  const std::size_t size = plain.size() + 2;
  char* const literal = tree.arena->allocate(size, 1);
  literal[0] = literal[size - 1] = '"';
  if (!plain.empty()) std::memcpy(literal + 1, plain.data(), plain.size());
  return {literal, size};
}

weir_status write_string(Tree& tree, std::string_view text, std::string_view& json) {
  if (is_plain(text)) {
    json = quoted(tree, text);
    return WEIR_OK;
  }
  if (!is_utf8(text)) return tree.data_error("text that is not UTF-8");
  const std::size_t size = literal_size(text);
  char* const start = tree.arena->allocate(size, 1);
  write_literal(text, start);
  json = {start, size};
  return WEIR_OK;
}

}  // namespace

void Scratch::trim() {
  if (text.capacity() > kKeep) std::string().swap(text);
}

weir_status string_of(Tree& tree, std::string_view literal, weir_str& out) {
  const std::string_view inside = literal.substr(1, literal.size() - 2);
  if (inside.find('\\') == std::string_view::npos) {
    out = {inside.data(), inside.size()};
    return WEIR_OK;
  }
  char* const plain = tree.arena->allocate(inside.size(), 1);
  const Unescaped result = unescape(inside, plain);
  tree.arena->shrink_last(plain, result.size);
  if (result.lone_surrogate) return tree.data_error(kLoneSurrogate);
  out = {plain, result.size};
  return WEIR_OK;
}

weir_status name_of(Tree& tree, const Place& place, weir_str& out) {
  out = {nullptr, 0};
  return place.name == nullptr ? WEIR_OK : string_of(tree, {place.name, place.name_size}, out);
}

weir_status value_of_text(Tree& tree, std::string_view json, weir_value& out) {
  out = weir_value{};
  switch (json[0]) {
    case 'n':
      out.type = WEIR_NULL;
      return WEIR_OK;
    case 't':
    case 'f':
      out.type = WEIR_BOOL;
      out.as.i = json[0] == 't' ? 1 : 0;
      return WEIR_OK;
    case '"':
      out.type = WEIR_STRING;
      return string_of(tree, json, out.as.s);
    case '[':
    case '{':
      out.type = json[0] == '[' ? WEIR_ARRAY : WEIR_OBJECT;
      out.as.count = count_members(json);
      return WEIR_OK;
    default:
      return number_value(json, out) ? WEIR_OK : tree.data_error(kNumberRange);
  }
}

weir_status value_of(Tree& tree, const Place& place, weir_value& out) {
  if (place.kind == Kind::string && place.is_plain_string()) {
    out = weir_value{};
    out.type = WEIR_STRING;
    out.as.s = {place.text + 1, place.size - 2};
    return WEIR_OK;
  }
  if (!place.is_container()) return value_of_text(tree, current_text(tree, place), out);
  out = weir_value{};
  out.type = place.kind == Kind::array ? WEIR_ARRAY : WEIR_OBJECT;
  out.as.count = descends(place.nodes) ? place.count : count_members(place.view());  // else nobody counted them
  return WEIR_OK;
}

weir_status write_scalar(Tree& tree, const weir_value& value, std::string_view& json) {
  switch (value.type) {
    case WEIR_NULL:
      json = view(tree.arena->copy("null"));  // not the constant: a scan reads behind it
      return WEIR_OK;
    case WEIR_BOOL:
      json = view(tree.arena->copy(value.as.i != 0 ? "true" : "false"));
      return WEIR_OK;
    case WEIR_STRING:
      return write_string(tree, {value.as.s.ptr == nullptr ? "" : value.as.s.ptr, value.as.s.len}, json);
    default:
      break;
  }
  char* const out = tree.arena->allocate(kLongestNumber + 2, 1);
  if (value.type == WEIR_INT) {
    json = write_integer(value.as.i, out);
  } else if (value.type == WEIR_UINT) {
    json = write_integer(value.as.u, out);
  } else if (value.type == WEIR_DOUBLE && std::isfinite(value.as.d)) {
    json = write_double(value.as.d, out);
  } else {
    tree.reason = "a value that is no scalar was to be written";
    return WEIR_E_USAGE;
  }
  tree.arena->shrink_last(out, json.size());
  return WEIR_OK;
}

}  // namespace weir::host::json
