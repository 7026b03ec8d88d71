#include "json/index.h"

#include <simdjson.h>

#include <algorithm>

#include "json/text.h"

namespace weir::host::json {
namespace {

constexpr std::size_t kWindow = 4096;         // entries
constexpr std::size_t kSmallest = 16 * 1024;  // bytes the parser has room for at first

bool is_operator(char c) { return c == '{' || c == '}' || c == '[' || c == ']' || c == ':' || c == ','; }

const char* reason_of(simdjson::error_code code) {
  switch (code) {
    case simdjson::UTF8_ERROR:
      return "not UTF-8";
    case simdjson::UNCLOSED_STRING:
      return "a string without end";
    case simdjson::UNESCAPED_CHARS:
      return "a control character in a string";
    case simdjson::EMPTY:
      return "empty";
    default:
      return "not JSON";
  }
}

}  // namespace

struct StructuralIndex::Parser {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage;
};

StructuralIndex::StructuralIndex() : parser_(std::make_unique<Parser>()) {}
StructuralIndex::~StructuralIndex() = default;

const char* StructuralIndex::start(std::string_view text) {
  text_ = text;
  fault_ = nullptr;
  if (text.empty()) return "empty";
  if (text.size() <= kWholeText) return start_whole();
  if (text.size() > UINT32_MAX - 64) return "too large";
  if (!is_utf8(text)) return "not UTF-8";
  window_.resize(kWindow + 1);
  next_ = 0;
  fill_window();
  return fault_;
}

const char* StructuralIndex::start_whole() {
  auto& stage = parser_->stage;
  if (stage == nullptr || stage->capacity() < text_.size()) {
    const std::size_t room = std::clamp(text_.size() * 2, kSmallest, kWholeText);
    if (simdjson::get_active_implementation()->create_dom_parser_implementation(room, 1, stage) != simdjson::SUCCESS)
      throw std::bad_alloc();
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text_.data());
  const auto code = stage->stage1(bytes, text_.size(), simdjson::stage1_mode::regular);
  if (code != simdjson::SUCCESS) return reason_of(code);
  std::uint32_t* const first = stage->structural_indexes.get();
  const std::uint32_t count = stage->n_structural_indexes;
  first[count] = first[count + 1] = static_cast<std::uint32_t>(text_.size());
  stretch_ = {first, first + count};
  return nullptr;
}

StructuralIndex::Stretch StructuralIndex::next() {
  if (text_.size() <= kWholeText) return {stretch_.stop, stretch_.stop};
  fill_window();
  return stretch_;
}

/// The next piece of a large text. The same classification as simdjson's, a byte at a time: a quote right after a number or literal
/// is part of it, and so is refused there.
void StructuralIndex::fill_window() {
  std::size_t count = 0;
  const auto size = static_cast<std::uint32_t>(text_.size());
  while (count < kWindow && next_ < size && fault_ == nullptr) {
    const char c = text_[next_];
    if (is_space(c)) {
      ++next_;
      continue;
    }
    window_[count++] = next_;
    if (is_operator(c)) {
      ++next_;
    } else if (c == '"') {
      next_ = skip_string(next_);
    } else {
      while (next_ < size && !is_space(text_[next_]) && !is_operator(text_[next_])) ++next_;
    }
  }
  window_[count] = size;
  stretch_ = {window_.data(), window_.data() + count};
}

std::uint32_t StructuralIndex::skip_string(std::uint32_t at) {
  const auto size = static_cast<std::uint32_t>(text_.size());
  for (++at; at < size; ++at) {
    const char c = text_[at];
    if (c == '"') return at + 1;
    if (static_cast<unsigned char>(c) < 0x20) {
      fault_ = "a control character in a string";
      return size;
    }
    if (c == '\\') ++at;
  }
  fault_ = "a string without end";
  return size;
}

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

}  // namespace weir::host::json
