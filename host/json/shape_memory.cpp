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

std::size_t count_of(StructuralIndex::Stretch tokens) { return static_cast<std::size_t>(tokens.stop - tokens.at); }

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

bool Trust::learns() {
  if (rest_ > 0) return false;
  if (skip_ == 0) return true;
  --skip_;
  return false;
}

void Trust::learnt(bool taken) {
  skip_ = taken ? 0 : next_skip_;
  next_skip_ = taken ? 1 : std::min(2 * next_skip_, kMostSkipped);
}

inline bool ShapeMemory::stands(const Run& run, const char* at, std::size_t left) const {
  if (run.next == Next::end ? left != run.size : left <= run.size) return false;
  const char* const bytes = bytes_.data() + run.bytes;
  if ((equal_bits(at, bytes) & run.mask) != run.mask) return false;
  return run.size <= 32 || std::memcmp(at + 32, bytes + 32, run.size - 32) == 0;
}

const Shape* ShapeMemory::find(std::string_view text, Tokens tokens, Cuts& cuts) {
  if (text.size() > kMaxText || !trust_.compare()) return nullptr;
  const Shape* const shape = counts_[count_of(tokens) % counts_.size()] ? follow(text, tokens, cuts) : nullptr;
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
  if (text.size() > kMaxText || !trust_.learns()) return;
  trust_.learnt(has_room(text, tokens, root, places) && remember(text, tokens, root, cuts));
}

bool ShapeMemory::has_room(std::string_view text, Tokens tokens, const Place& root, std::size_t places) const {
  if (!root.is_container() || shape_bytes_ + Shape::bytes_of(places) > kMaxShapeBytes) return false;
  std::size_t runs = 1;
  for (const std::uint32_t* token = tokens.at; token != tokens.stop; ++token) {
    if (!is_operator(text[*token])) ++runs;
    if (text[*token] == ':') --runs;  // that was a name
  }
  return runs <= Cuts::kMax && runs_.size() + runs <= kMaxRuns;
}

/// Strings before a colon are names, all others and all scalars values.
bool ShapeMemory::remember(std::string_view text, Tokens tokens, const Place& root, Cuts& cuts) {
  Run run;
  std::uint32_t start = 0;
  std::uint32_t before = kNone;
  run.lead = static_cast<std::uint16_t>(*tokens.at);
  cuts.count = 0;
  const auto add = [&](std::size_t end) {
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
    if (!add(*token + (string ? 1u : 0u))) return false;
    start = end_before(text, token[1]);
    if (string) --start;
    run.token = run.after;
    run.lead = static_cast<std::uint16_t>(token[1] - start);
  }
  run.next = Next::end;
  if (!add(text.size()) || runs_[before].then != kNone) return false;
  shapes_.emplace_back(root, text.data(), cuts);
  shape_bytes_ += shapes_.back().bytes();
  runs_[before].then = static_cast<std::uint32_t>(shapes_.size() - 1);
  counts_.set(count_of(tokens) % counts_.size());
  return true;
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
  if (others == kMaxOthers || used + bytes.size() > kMaxBytes) return kNone;
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
  counts_.reset();
  first_ = kNone;
}

}  // namespace weir::host::json
