#pragma once
#include <cstdint>
#include <filesystem>
#include <span>

#include "weir/error.hpp"
#include "weir/testing/path.hpp"

/// A component's configuration for unit tests, from a JSON text and its field table: checked, defaults filled in, units resolved.
namespace weir::testing {

/// A checked value. Numbers keep their text.
struct Setting {
  std::string name;     // of a member
  weir_value scalar{};  // but for strings: those lie in `text`
  std::string text;
  std::string json;  // compact
  std::vector<Setting> children;

  /// Valid as long as this setting stays where it is.
  [[nodiscard]] weir_value value() const {
    weir_value value = scalar;
    if (value.type == WEIR_STRING) value.as.s = {text.data(), text.size()};
    return value;
  }

  /// By pointer, as weir_host's config takes it: "rules/2/action". Null: no value.
  [[nodiscard]] const Setting* at(std::string_view pointer) const {
    if (pointer.empty()) return this;
    const std::size_t slash = std::min(pointer.find('/'), pointer.size());
    std::string first;
    for (std::size_t i = 0; i < slash; ++i) {
      const bool escaped = pointer[i] == '~' && i + 1 < slash;
      first += !escaped ? pointer[i] : pointer[++i] == '1' ? '/' : '~';
    }
    for (std::size_t i = 0; i < children.size(); ++i) {
      const bool is_it = scalar.type == WEIR_ARRAY ? std::to_string(i) == first : children[i].name == first;
      if (is_it) return slash == pointer.size() ? &children[i] : children[i].at(pointer.substr(slash + 1));
    }
    return nullptr;
  }
};

namespace detail {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};
inline constexpr Unit kDurations[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
inline constexpr Unit kSizes[] = {{"B", 1},           {"KB", 1000},       {"MB", 1'000'000}, {"GB", 1'000'000'000},
                                  {"KiB", 1LL << 10}, {"MiB", 1LL << 20}, {"GiB", 1LL << 30}};

inline std::optional<std::int64_t> with_unit(std::string_view text, std::span<const Unit> units) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit.empty() && number == 0) return 0;
  for (const Unit& known : units) {
    if (known.name == unit) return number * known.factor;
  }
  return std::nullopt;
}

class SettingsReader {
 public:
  explicit SettingsReader(std::string_view document) : document_(document) {}

  /// Any JSON value as it stands.
  Setting plain(const Node& node) const {
    Setting setting;
    setting.name = node.name;
    setting.scalar = value_of(document_, node, setting.text);
    setting.json = compact(node);
    for (const Node& child : node.children) setting.children.push_back(plain(child));
    return setting;
  }

  Setting object(const weir_field* fields, std::size_t count, const Node& node, const std::string& pointer) const {
    if (node.type != WEIR_OBJECT) throw ConfigError(pointer, "is not an object");
    Setting setting = plain(node);
    setting.children.clear();
    for (const Node& member : node.children) {
      const auto* end = fields + count;
      const auto* known = std::find_if(fields, end, [&](const weir_field& field) { return member.name == field.name; });
      if (known == end) throw ConfigError(below(pointer, member.name), "is not a field of this component");
      setting.children.push_back(field(*known, member, below(pointer, member.name)));
    }
    for (std::size_t i = 0; i < count; ++i) add_missing(fields[i], node, pointer, setting);
    return setting;
  }

 private:
  static std::string below(const std::string& pointer, const std::string& name) {
    return pointer.empty() ? name : pointer + '/' + name;
  }

  static void add_missing(const weir_field& field, const Node& node, const std::string& pointer, Setting& setting) {
    const auto is_it = [&](const Node& member) { return member.name == field.name; };
    if (std::any_of(node.children.begin(), node.children.end(), is_it)) return;
    if ((field.flags & WEIR_REQUIRED) != 0) throw ConfigError(below(pointer, field.name), "is missing");
    if (field.default_json == nullptr) return;
    Node value = parse(field.default_json);
    value.name = field.name;
    setting.children.push_back(SettingsReader(field.default_json).field(field, value, below(pointer, field.name)));
  }

  Setting field(const weir_field& field, const Node& node, const std::string& pointer) const {
    const bool is_list = (field.flags & WEIR_LIST) != 0;
    const bool is_map = (field.flags & WEIR_MAP) != 0;
    if (!is_list && !is_map) return one(field, node, pointer);
    if (node.type != (is_list ? WEIR_ARRAY : WEIR_OBJECT))
      throw ConfigError(pointer, is_list ? "is not a list" : "is not a map");
    Setting setting = plain(node);
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const Node& child = node.children[i];
      setting.children[i] = one(field, child, below(pointer, is_list ? std::to_string(i) : child.name));
    }
    return setting;
  }

  Setting one(const weir_field& field, const Node& node, const std::string& pointer) const {
    if (field.type == WEIR_OBJECT) return object(field.fields, field.field_count, node, pointer);
    Setting setting = plain(node);
    const std::uint32_t type = setting.scalar.type;
    switch (field.type) {
      case WEIR_ANY:
        break;
      case WEIR_CONDITION:
        need(type == WEIR_OBJECT, pointer, "is not a condition");
        break;
      case WEIR_BOOL:
        need(type == WEIR_BOOL, pointer, "is neither true nor false");
        break;
      case WEIR_INT:
        need(type == WEIR_INT, pointer, "is not a whole number");
        break;
      case WEIR_DOUBLE:
        need(type >= WEIR_INT && type <= WEIR_DOUBLE, pointer, "is not a number");
        break;
      case WEIR_DURATION:
        unit(setting, kDurations, pointer);
        break;
      case WEIR_SIZE:
        unit(setting, kSizes, pointer);
        break;
      default:
        text(field, setting, pointer);
    }
    return setting;
  }

  static void text(const weir_field& field, Setting& setting, const std::string& pointer) {
    need(setting.scalar.type == WEIR_STRING, pointer, "is not a text");
    if (field.type == WEIR_PATH) path(field, setting, pointer);
    if (field.type == WEIR_FILE) setting.text = std::filesystem::absolute(setting.text).lexically_normal().string();
    if (field.choices == nullptr) return;
    for (const char* const* choice = field.choices; *choice != nullptr; ++choice) {
      if (setting.text == *choice) return;
    }
    throw ConfigError(pointer, "is none of its choices");
  }

  static void path(const weir_field& field, const Setting& setting, const std::string& pointer) {
    const std::optional<Path> path = parse_path(setting.text);
    need(path.has_value() && !setting.text.empty(), pointer, "is not a path");
    need(!path->is_wild() || (field.flags & WEIR_PLACES) != 0, pointer, "names several places where one is meant");
  }

  static void unit(Setting& setting, std::span<const Unit> units, const std::string& pointer) {
    const auto number = with_unit(setting.json == "0" ? "0" : setting.text, units);
    need(number.has_value(), pointer, "needs a number with a unit, such as 250ms or 64MiB");
    setting.scalar = {};
    setting.scalar.type = WEIR_INT;
    setting.scalar.as.i = *number;
    setting.json = std::to_string(*number);
  }

  static void need(bool right, const std::string& pointer, const char* otherwise) {
    if (!right) throw ConfigError(pointer, otherwise);
  }

  std::string compact(const Node& node) const {
    if (node.type != WEIR_ARRAY && node.type != WEIR_OBJECT) return std::string(node.in(document_));
    std::string out(1, node.type == WEIR_ARRAY ? '[' : '{');
    for (const Node& child : node.children) {
      if (out.size() > 1) out += ',';
      if (node.type == WEIR_OBJECT)
        out += std::string(document_.substr(child.name_begin, child.name_end - child.name_begin)) + ':';
      out += compact(child);
    }
    return out += node.type == WEIR_ARRAY ? ']' : '}';
  }

  std::string_view document_;
};

}  // namespace detail

/// The configuration of a component. ConfigError: what the host would refuse.
inline Setting settings_of(const weir_component& component, std::string_view json) {
  try {
    return detail::SettingsReader(json).object(component.fields, component.field_count, parse(json), "");
  } catch (const BadDocument& bad) {
    throw ConfigError("", std::string("the test's configuration is ") + bad.reason);
  }
}

}  // namespace weir::testing
