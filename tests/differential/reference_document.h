#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference_json.h"

namespace reference {

struct Step {
  enum Kind { name, index, any, deep, inside };
  Kind kind = name;
  std::string text;
  std::size_t number = 0;
};
using Path = std::vector<Step>;

/// Outcomes, with the numbers of abi.h.
inline constexpr int kOk = 0;
inline constexpr int kNotFound = 1;
inline constexpr int kData = -3;
inline constexpr int kUsage = -1;

/// What a callback sees, written in a form that both sides can produce: `n`, `t`, `i-5`, `u…`, `d<bits>`, `s<text>`, `[2`, `{3`.
struct Seen {
  bool named = false;
  std::string name;
  std::string value;
};

/// The value of a node whose text is `json`, in the form of Seen. kData: the number or text cannot be used.
int describe(const std::string& json, const Node& node, std::string& out);
int see(const Member* member, bool is_object, const std::string& json, const Node& node, Seen& seen);

/// What a rewrite callback answers: 0 keep, 1 or 2 replace by the JSON text, 3 remove.
using Answer = std::pair<int, std::string>;

/// The document as nothing but its text: each call parses it, and each edit is one replacement of bytes in it.
class Document {
 public:
  explicit Document(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool is_json() const { return parse(text_).has_value(); }

  int get(const Path& path, std::string& value) const;
  int raw(const Path& path, std::string& json) const;
  int each(const Path& path, std::vector<Seen>& seen) const;
  /// With a relative path: also what get() of it says at each place.
  int match(const Path& path, std::vector<Seen>& seen, const Path* relative, std::vector<std::string>& there) const;
  int set(const Path& path, std::string_view json);
  int rewrite(const Path& path, const std::function<Answer(const Seen&)>& decide);
  int move(const Path& from, const Path& to);
  int remove(const Path& path);

 private:
  struct Level;
  struct Place;
  struct Search;
  int places(const Path& path, bool first_only, std::vector<Place>& found) const;
  int put(const Place& start, const Path& path, std::size_t first, std::string_view json);
  int put_from_root(const Path& path, std::string_view json);
  int edit_places(const Path& path, const std::function<int(const Place&, Answer&)>& decide);
  [[nodiscard]] Place root() const;
  [[nodiscard]] Place at(const std::vector<std::size_t>& hops) const;
  int replace_value(const Place& place, std::string_view json);
  int cut(const Place& place);
  int splice(const Place& place, std::size_t begin, std::size_t end, std::string replacement);

  std::string text_;
};

}  // namespace reference
