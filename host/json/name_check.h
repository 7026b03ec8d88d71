#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace weir::host::json {

/// Finds names that occur twice in an object, nested objects included: names are pushed as they come, and an object's end
/// judges those since its begin. Names are unescaped and stay where they are until then.
/// Linear for small objects, n log n for large ones whatever the names. [task]
class NameCheck {
 public:
  using Mark = std::size_t;
  [[nodiscard]] Mark begin() const { return names_.size(); }
  void push(std::string_view name);
  /// True: two names since `mark` are equal. Forgets them.
  bool end(Mark mark);
  void clear();

 private:
  struct Name {
    const char* text;
    std::uint32_t size;
    std::uint32_t hash;
  };
  static bool equal(const Name& a, const Name& b);
  bool search_small(std::size_t mark) const;
  bool search_large(std::size_t mark);

  std::vector<Name> names_;
};

}  // namespace weir::host::json
