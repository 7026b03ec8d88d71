#pragma once
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace weir::host::json {

/// Where the brackets, colons, commas, opening quotes and first bytes of other scalars of a text are, one after the other. Ordinary
/// texts are indexed at once by simdjson's vectorised first stage; those over kWholeText piece by piece, so that one large
/// record does not pin four bytes of scratch for each of its own (P9). Also checks UTF-8, control characters in strings and
/// that strings end. One per engine. [task]
class StructuralIndex {
 public:
  static constexpr std::size_t kWholeText = 1024 * 1024;

  StructuralIndex();
  ~StructuralIndex();
  StructuralIndex(const StructuralIndex&) = delete;
  StructuralIndex& operator=(const StructuralIndex&) = delete;

  /// `text` has 64 readable bytes behind it (Arena::kPadding). Null, or why it is no JSON.
  [[nodiscard]] const char* start(std::string_view text);
  /// Offsets in a row; behind the last one stands the offset of what follows, at the end the text's size.
  struct Stretch {
    const std::uint32_t* at = nullptr;
    const std::uint32_t* stop = nullptr;
  };
  /// Up to kWholeText this is all, as often as it is asked for, and behind it the text's size stands twice.
  [[nodiscard]] Stretch first() const { return stretch_; }
  /// The stretch behind one that was read; an empty one: the text ends.
  [[nodiscard]] Stretch next();
  /// In large texts a fault may show only on the way: then the index ends early and this says why. Else null.
  [[nodiscard]] const char* fault() const { return fault_; }

 private:
  struct Parser;
  const char* start_whole();
  void fill_window();
  std::uint32_t skip_string(std::uint32_t at);

  std::unique_ptr<Parser> parser_;
  std::string_view text_;
  Stretch stretch_{};
  std::vector<std::uint32_t> window_;  // of a large text
  std::uint32_t next_ = 0;             // first byte of the large text that is not indexed yet
  const char* fault_ = nullptr;
};

[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace weir::host::json
