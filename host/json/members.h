#pragma once
#include <cstddef>
#include <string_view>

namespace weir::host::json {

struct Member {
  std::string_view name;  // with its quotes; empty: an element
  std::string_view value;
};

/// Walks the members or elements of one container whose text was checked before.
class MemberReader {
 public:
  explicit MemberReader(std::string_view container) : at_(container.data() + 1), is_object_(container[0] == '{') {}
  /// False: there are no more.
  bool next(Member& member);

 private:
  const char* at_;
  bool is_object_;
};

[[nodiscard]] std::size_t count_members(std::string_view container);

}  // namespace weir::host::json
