#pragma once
#include <algorithm>
#include <optional>
#include <set>

#include "weir/testing/json.hpp"

/// Paths for unit tests: the grammar of the host's, resolved the slow way.
namespace weir::testing {

struct Step {
  enum class Kind { name, index, any, any_depth, embedded };  // .a  [3]  *  **  @json
  Kind kind = Kind::name;
  std::string name;
  std::size_t index = 0;
};

struct Path {
  std::vector<Step> steps;
  std::string text;

  [[nodiscard]] bool is_wild() const {
    return std::any_of(steps.begin(), steps.end(), [](const Step& step) {
      return step.kind == Step::Kind::any || step.kind == Step::Kind::any_depth;
    });
  }
};

/// Where a step led: the child's number, or into the JSON of a string.
inline constexpr std::size_t kEmbedded = static_cast<std::size_t>(-1);
using Hops = std::vector<std::size_t>;

/// One place a path names.
struct Place {
  Hops hops;
  std::string name;  // of the member it is
  std::string json;  // its text
  std::uint32_t type = WEIR_NULL;
};

namespace detail {

class PathParser {
 public:
  explicit PathParser(std::string_view text) : text_(text) {}

  std::optional<std::vector<Step>> steps() {
    if (text_ == "$" || text_.starts_with("$.") || text_.starts_with("$[") || text_.starts_with('/'))
      return std::nullopt;
    while (at_ < text_.size()) {
      if (!step()) return std::nullopt;
    }
    return steps_;
  }

 private:
  bool step() {
    if (text_.substr(at_, 5) == "@json") return at_ += 5, add({Step::Kind::embedded, {}, 0});
    if (text_[at_] == '[') return bracket();
    if (at_ > 0 && text_[at_++] != '.') return false;
    if (text_.substr(at_, 2) == "**") return at_ += 2, add({Step::Kind::any_depth, {}, 0});
    if (text_.substr(at_, 1) == "*") return ++at_, add({Step::Kind::any, {}, 0});
    const std::size_t end = std::min(text_.find_first_of(".[@*]\"", at_), text_.size());
    if (end == at_) return false;
    const std::string name(text_.substr(at_, end - at_));
    at_ = end;
    return add({Step::Kind::name, name, 0});
  }

  bool bracket() {
    const std::string_view inside = text_.substr(at_ + 1);
    if (inside.starts_with("*]")) return at_ += 3, add({Step::Kind::any, {}, 0});
    if (inside.starts_with('"')) return quoted(inside);
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(inside.data(), inside.data() + inside.size(), index);
    const auto length = static_cast<std::size_t>(end - inside.data());
    if (error != std::errc() || inside.substr(length, 1) != "]") return false;
    at_ += length + 2;
    return add({Step::Kind::index, {}, index});
  }

  bool quoted(std::string_view inside) {
    std::size_t end = 1;
    while (end < inside.size() && inside[end] != '"') end += inside[end] == '\\' ? 2 : 1;
    if (end >= inside.size() || inside.substr(end + 1, 1) != "]") return false;
    at_ += end + 3;
    try {
      const std::string_view name = inside.substr(0, end + 1);
      if (parse(name).type != WEIR_STRING) return false;
      return add({Step::Kind::name, unescape(name), 0});
    } catch (const BadDocument&) {
      return false;
    }
  }

  bool add(Step step) {
    steps_.push_back(std::move(step));
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Step> steps_;
};

inline void need_distinct_names(const Node& object) {
  std::set<std::string_view> names;
  for (const Node& child : object.children) {
    if (!names.insert(child.name).second) throw BadDocument{"a duplicate key"};
  }
}

/// Finds the places of a path in one document and the documents inside its strings.
class Finder {
 public:
  Finder(const std::vector<Step>& steps, bool strict, std::vector<Place>& out)
      : steps_(steps), strict_(strict), out_(out) {}

  void find(std::string_view text, const Node& node, std::size_t step) {
    if (step == steps_.size()) return out_.push_back({hops_, node.name, std::string(node.in(text)), node.type});
    const Step& at = steps_[step];
    if (node.type == WEIR_OBJECT && at.kind != Step::Kind::index && at.kind != Step::Kind::embedded)
      need_distinct_names(node);
    if (at.kind == Step::Kind::embedded) return embedded(text, node, step);
    if (at.kind == Step::Kind::any_depth) find(text, node, step + 1);
    const std::size_t next = at.kind == Step::Kind::any_depth ? step : step + 1;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      if (!leads_to(at, node, i)) continue;
      hops_.push_back(i);
      find(text, node.children[i], next);
      hops_.pop_back();
    }
  }

 private:
  static bool leads_to(const Step& step, const Node& node, std::size_t child) {
    switch (step.kind) {
      case Step::Kind::name:
        return node.type == WEIR_OBJECT && node.children[child].name == step.name;
      case Step::Kind::index:
        return node.type == WEIR_ARRAY && child == step.index;
      default:
        return true;
    }
  }

  /// Where the path itself says that JSON text stands: what only a wildcard reaches may be anything.
  [[nodiscard]] bool needs_text(const Node& node, std::size_t step) const {
    const bool by_wildcard =
        step > 0 && (steps_[step - 1].kind == Step::Kind::any || steps_[step - 1].kind == Step::Kind::any_depth);
    return strict_ && !by_wildcard && node.type != WEIR_NULL;
  }

  void embedded(std::string_view text, const Node& node, std::size_t step) {
    if (node.type != WEIR_STRING) {
      if (needs_text(node, step)) throw BadDocument{"a value that should be JSON text is no text"};
      return;
    }
    const std::string inside = unescape(node.in(text));
    Node root;
    try {
      root = parse(inside);
    } catch (const BadDocument&) {
      if (strict_) throw BadDocument{"a string that should hold JSON does not"};
      return;
    }
    const bool by_name = step + 1 < steps_.size() && steps_[step + 1].kind == Step::Kind::name;
    if (strict_ && by_name && root.type != WEIR_OBJECT) throw BadDocument{"the root is no object"};
    hops_.push_back(kEmbedded);
    find(inside, root, step + 1);
    hops_.pop_back();
  }

  const std::vector<Step>& steps_;
  bool strict_;
  std::vector<Place>& out_;
  Hops hops_;
};

}  // namespace detail

/// Empty: not a path.
inline std::optional<Path> parse_path(std::string_view text) {
  auto steps = detail::PathParser(text).steps();
  if (!steps) return std::nullopt;
  return Path{*std::move(steps), std::string(text)};
}

/// All places of a path, in document order, parents first. `strict` (privacy): a root that is no object, and what @json cannot enter,
/// is an error.
inline std::vector<Place> places(std::string_view document, const std::vector<Step>& steps, bool strict = false) {
  std::vector<Place> found;
  const Node root = parse(document);
  if (strict && !steps.empty() && root.type != WEIR_OBJECT) throw BadDocument{"the root is no object"};
  detail::Finder(steps, strict, found).find(document, root, 0);
  // Child numbers sort as the document does, parents first; `**` twice in a path names places more than once.
  std::sort(found.begin(), found.end(), [](const Place& a, const Place& b) { return a.hops < b.hops; });
  const auto same = [](const Place& a, const Place& b) { return a.hops == b.hops; };
  found.erase(std::unique(found.begin(), found.end(), same), found.end());
  return found;
}

}  // namespace weir::testing
