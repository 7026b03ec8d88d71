#include "json/shape_memory.h"

#include <algorithm>

#include "json/bytes_at_once.h"
#include "json/text.h"

namespace weir::host::json {
namespace {

/// Where the token before that one ends.
inline std::uint32_t end_before(std::string_view text, std::uint32_t token) {
  while (is_space(text[token - 1])) --token;
  return token;
}

bool is_operator(char c) { return c == '{' || c == '}' || c == '[' || c == ']' || c == ':' || c == ','; }

}  // namespace

bool Trust::compare() {
  if (rest_ == 0) return true;
  --rest_;
  return false;
}

void Trust::hit() {
  score_ = std::min(score_ + 2, kMost);
  if (score_ == kMost) next_rest_ = kShortRest;
}

bool Trust::miss() {
  if (--score_ > 0) return false;
  score_ = kMost;
  rest_ = next_rest_;
  next_rest_ = std::min(2 * next_rest_, kLongRest);
  return true;
}

inline bool ShapeMemory::stands(const Run& run, const char* at, std::size_t left) const {
  if (run.next == Next::end ? left != run.size : left <= run.size) return false;
  const char* const bytes = bytes_.data() + run.bytes;
  if ((equal_bits(at, bytes) & run.mask) != run.mask) return false;
  return run.size <= 32 || std::memcmp(at + 32, bytes + 32, run.size - 32) == 0;
}

const Shape* ShapeMemory::find(std::string_view text, Tokens tokens, Cuts& cuts) {
  if (text.size() > kMaxText || !trust_.compare()) return nullptr;
  const Shape* const shape = follow(text, tokens, cuts);
  if (shape != nullptr) {
    trust_.hit();
  } else if (trust_.miss()) {
    forget();
  }
  return shape;
}

const Shape* ShapeMemory::follow(std::string_view text, Tokens tokens, Cuts& cuts) const {
  const char* const begin = text.data();
  const Run* const runs = runs_.data();
  std::uint32_t* cut = cuts.at;
  std::int64_t least = 0;   // where the next run may begin,
  std::uint64_t slack = 0;  // or so much later
  for (std::uint32_t number = first_; number != kNone;) {
    const Run& run = runs[number];
    const std::int64_t start = std::int64_t{tokens.at[run.token]} - run.lead;
    number = run.other;
    if (static_cast<std::uint64_t>(start - least) > slack) continue;
    if (!stands(run, begin + start, text.size() - static_cast<std::size_t>(start))) continue;
    const std::int64_t value = start + run.size;
    const bool scalar = run.next == Next::scalar;
    const std::int64_t stop = scalar ? end_before(text, tokens.at[run.after]) : value;
    if (scalar && (stop <= value || !is_scalar(begin + value, begin + stop))) continue;
    least = stop;
    slack = scalar ? 0 : kMaxText;
    *cut++ = static_cast<std::uint32_t>(start);
    number = run.then;
    if (run.next != Next::end) continue;
    cuts.count = static_cast<std::uint32_t>(cut - cuts.at);
    return number == kNone ? nullptr : &shapes_[number];
  }
  return nullptr;
}

void ShapeMemory::learn(std::string_view text, Tokens tokens, const Place& root, std::size_t places, Cuts& cuts) {
  const bool fits = text.size() <= kMaxText && root.is_container() && !trust_.resting();
  if (!fits || shape_bytes_ + Shape::bytes_of(places) > kMaxShapeBytes) return;
  remember(text, tokens, root, cuts);
}

/// Strings before a colon are names, all others and all scalars values.
void ShapeMemory::remember(std::string_view text, Tokens tokens, const Place& root, Cuts& cuts) {
  Run run;
  std::uint32_t start = 0;
  std::uint32_t before = kNone;
  run.lead = static_cast<std::uint16_t>(*tokens.at);
  cuts.count = 0;
  const auto add = [&](std::size_t end) {
    if (cuts.count == Cuts::kMax) return false;
    cuts.at[cuts.count++] = start;
    before = add_run(before, text.substr(start, end - start), run);
    return before != kNone;
  };
  for (const std::uint32_t* token = tokens.at; token != tokens.stop; ++token) {
    const char first = text[*token];
    const bool string = first == '"';
    if (is_operator(first) || (string && text[token[1]] == ':')) continue;
    run.next = string ? Next::string : Next::scalar;
    run.after = static_cast<std::uint16_t>(token + 1 - tokens.at);
    if (!add(*token + (string ? 1u : 0u))) return;
    start = end_before(text, token[1]);
    if (string) --start;
    run.token = run.after;
    run.lead = static_cast<std::uint16_t>(token[1] - start);
  }
  run.next = Next::end;
  if (!add(text.size()) || runs_[before].then != kNone) return;
  shapes_.emplace_back(root, text.data(), cuts);
  shape_bytes_ += shapes_.back().bytes();
  runs_[before].then = static_cast<std::uint32_t>(shapes_.size() - 1);
}

/// The run behind that one, made if it is not there; kNone: there is no room.
std::uint32_t ShapeMemory::add_run(std::uint32_t before, std::string_view bytes, Run run) {
  std::uint32_t last = kNone;
  unsigned others = 0;
  for (std::uint32_t i = before == kNone ? first_ : runs_[before].then; i != kNone; i = runs_[i].other, ++others) {
    const std::string_view known(bytes_.data() + runs_[i].bytes, runs_[i].size);
    if (runs_[i].next == run.next && runs_[i].lead == run.lead && known == bytes) return i;
    last = i;
  }
  const std::size_t used = bytes_.empty() ? 0 : bytes_.size() - kPadding;
  if (others == kMaxOthers || runs_.size() == kMaxRuns || used + bytes.size() > kMaxBytes) return kNone;
  bytes_.resize(used + bytes.size() + kPadding);
  std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(used));
  run.bytes = static_cast<std::uint32_t>(used);
  run.size = static_cast<std::uint16_t>(bytes.size());
  run.mask = run.size < 32 ? (std::uint32_t{1} << run.size) - 1 : ~std::uint32_t{0};
  const auto made = static_cast<std::uint32_t>(runs_.size());
  runs_.push_back(run);
  std::uint32_t& link = last != kNone ? runs_[last].other : before != kNone ? runs_[before].then : first_;
  link = made;
  return made;
}

void ShapeMemory::forget() {
  bytes_ = std::vector<char>();  // which, unlike clear(), gives the memory back
  runs_ = std::vector<Run>();
  shapes_ = std::vector<Shape>();
  shape_bytes_ = 0;
  first_ = kNone;
}

}  // namespace weir::host::json
