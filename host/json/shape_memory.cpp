#include "json/shape_memory.h"

#include <algorithm>

#include "json/string_end.h"
#include "json/text.h"

namespace weir::host::json {
namespace {

bool begins_scalar(char c) { return detail::is_digit(c) || c == '-' || c == 'n' || c == 't' || c == 'f'; }

bool is_operator(char c) { return c == '{' || c == '}' || c == '[' || c == ']' || c == ':' || c == ','; }

}  // namespace

bool Trust::compare(bool& fresh) {
  fresh = rest_ == 1;
  if (rest_ > 0) --rest_;
  return rest_ == 0;
}

void Trust::hit() {
  score_ = std::min(score_ + 2, kMost);
  if (score_ == kMost) next_rest_ = kShortRest;
}

void Trust::miss() {
  if (--score_ > 0) return;
  score_ = kMost;
  rest_ = next_rest_;
  next_rest_ = std::min(2 * next_rest_, kLongRest);
}

inline bool ShapeMemory::stands(const Run& run, const char* at, const char* end) const {
  const auto left = static_cast<std::size_t>(end - at);
  if (run.next == Next::end ? left != run.size : left <= run.size) return false;
  if (!equal_bytes(at, bytes_.data() + run.bytes, run.size)) return false;
  return run.next != Next::scalar || begins_scalar(at[run.size]);
}

const Shape* ShapeMemory::find(std::string_view text, Cuts& cuts) {
  bool fresh = false;
  if (text.size() > kMaxText || !trust_.compare(fresh)) return nullptr;
  if (fresh) forget();
  const Shape* const shape = follow(text, cuts);
  shape != nullptr ? trust_.hit() : trust_.miss();
  return shape;
}

const Shape* ShapeMemory::follow(std::string_view text, Cuts& cuts) const {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const char* at = begin;
  cuts.clear();
  for (std::uint32_t number = first_;;) {
    if (number == kNone) return nullptr;
    const Run& run = runs_[number];
    if (!stands(run, at, end)) {
      number = run.other;
      continue;
    }
    at += run.size;
    if (run.next == Next::end) return run.then == kNone ? nullptr : &shapes_[run.then];
    const char* value = at;
    bool escaped = false;
    if (run.next == Next::string) {
      --value;
      at = string_end(at, end, escaped);
      if (at == nullptr) return nullptr;
      ++at;
    } else {
      at = scalar_end(at, end);
      if (at == nullptr) return nullptr;
    }
    cuts.add(static_cast<std::uint32_t>(value - begin), static_cast<std::uint32_t>(at - begin), escaped);
    number = run.then;
  }
}

/// Strings before a colon are names, all others and all scalars values. False: too many.
bool ShapeMemory::cut(std::string_view text, StructuralIndex::Stretch tokens, Cuts& cuts) const {
  const auto size = static_cast<std::uint32_t>(text.size());
  cuts.clear();
  for (const std::uint32_t* token = tokens.at; token != tokens.stop; ++token) {
    const char first = text[*token];
    if (is_operator(first)) continue;
    std::uint32_t stop = token + 1 == tokens.stop ? size : token[1];
    if (first == '"' && stop != size && text[stop] == ':') continue;
    while (is_space(text[stop - 1])) --stop;
    if (cuts.full()) return false;
    cuts.add(*token, stop, false);
  }
  return true;
}

void ShapeMemory::learn(std::string_view text, StructuralIndex::Stretch tokens, const Place& root,
                        std::size_t places, Cuts& cuts) {
  if (text.size() > kMaxText || trust_.resting() || !cut(text, tokens, cuts)) return;
  if (shape_bytes_ + Shape::bytes_of(places) > kMaxShapeBytes) return;
  std::size_t bytes = text.size();
  for (std::uint32_t i = 0; i < cuts.ends; ++i) bytes -= cuts.at[2 * i + 2] - cuts.at[2 * i + 1];
  if (bytes_.size() + bytes + cuts.ends > kMaxBytes || runs_.size() + cuts.ends >= kMaxRuns) return;
  remember(text, root, cuts);
}

void ShapeMemory::remember(std::string_view text, const Place& root, const Cuts& cuts) {
  std::uint32_t before = kNone;
  for (std::uint32_t i = 0; i <= cuts.ends; ++i) {
    const std::uint32_t begin = cuts.at[2 * i];
    const bool last = i == cuts.ends;
    const bool string = !last && text[cuts.at[2 * i + 1]] == '"';
    const std::size_t end = last ? text.size() : cuts.at[2 * i + 1] + (string ? 1u : 0u);
    const Next next = last ? Next::end : string ? Next::string : Next::scalar;
    before = add_run(before, text.substr(begin, end - begin), next);
    if (before == kNone) return;
  }
  if (runs_[before].then != kNone) return;
  shapes_.emplace_back(root, text.data(), cuts);
  shape_bytes_ += shapes_.back().bytes();
  runs_[before].then = static_cast<std::uint32_t>(shapes_.size() - 1);
}

/// The run after that one, made if it is not there; kNone: there are too many already.
std::uint32_t ShapeMemory::add_run(std::uint32_t before, std::string_view bytes, Next next) {
  std::uint32_t last = kNone;
  unsigned others = 0;
  for (std::uint32_t i = before == kNone ? first_ : runs_[before].then; i != kNone; i = runs_[i].other) {
    const Run& run = runs_[i];
    if (run.next == next && std::string_view(bytes_.data() + run.bytes, run.size) == bytes) return i;
    last = i;
    ++others;
  }
  if (others == kMaxOthers) return kNone;
  const auto made = static_cast<std::uint32_t>(runs_.size());
  const std::size_t start = bytes_.empty() ? 0 : bytes_.size() - kBlock;
  bytes_.resize(start + bytes.size() + kBlock);
  std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(start));
  runs_.push_back({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(bytes.size()), kNone, kNone, next});
  std::uint32_t& link = last != kNone ? runs_[last].other : before != kNone ? runs_[before].then : first_;
  link = made;
  return made;
}

void ShapeMemory::forget() {
  bytes_.clear();
  runs_.clear();
  shapes_.clear();
  shape_bytes_ = 0;
  first_ = kNone;
}

}  // namespace weir::host::json
