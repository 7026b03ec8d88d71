#include "json/shape_memory.h"

#include <algorithm>
#include <cstring>

#include "json/bytes_at_once.h"
#include "json/skip.h"
#include "json/text.h"

namespace weir::host::json {

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
  learnt(true);  // there will be room again
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

const Shape* ShapeMemory::find(std::string_view text, StructuralIndex& index, Cuts& cuts) {
  if (text.size() > kMaxText || !trust_.compare()) return nullptr;
  const Shape* shape = find_at_once(text, index.first(), cuts);
  if (shape == nullptr) {
    shape = follow(text, index, cuts);
    if (shape != nullptr && stencil_trust_.learns()) learn_stencil(text, index.first(), *shape, cuts);
  }
  if (shape != nullptr) {
    trust_.hit();
  } else if (trust_.miss()) {
    forget();
  }
  return shape;
}

const Shape* ShapeMemory::find_at_once(std::string_view text, Tokens tokens, Cuts& cuts) {
  if (!stencil_trust_.compare()) return nullptr;
  const auto count = static_cast<std::size_t>(tokens.stop - tokens.at);
  auto& [first, second] = stencils_[count % kStencilPairs];
  const auto fits = [&](KnownStencil& known) {
    if (known.stencil.count() != count || !known.stencil.fits(text.data(), tokens.at, cuts)) return false;
    known.misses = std::min(known.misses + kWorth, known.patience);
    stencil_trust_.hit();
    return true;
  };
  if (fits(first)) return &shapes_[first.stencil.shape()];
  if (!fits(second)) {
    if (stencil_trust_.miss()) forget_stencils();
    return nullptr;
  }
  const std::uint32_t shape = second.stencil.shape();
  if (first.misses > 0) {
    --first.misses;
  } else {
    std::swap(first, second);
  }
  return &shapes_[shape];
}

const Shape* ShapeMemory::follow(std::string_view text, StructuralIndex& index, Cuts& cuts) {
  const char* const begin = text.data();
  const Run* const runs = runs_.data();
  std::uint32_t* cut = cuts.at;
  const Tokens all = index.first();
  const std::uint32_t* token = all.at;  // the first one of the next run
  std::int64_t least = 0;               // where that run may begin,
  std::uint64_t slack = 0;              // or so much later
  for (std::uint32_t number = first_; number != kNone;) {
    const Run& run = runs[number];
    const std::uint32_t here = number;
    const std::int64_t start = std::int64_t{*token} - run.lead;
    number = run.other;
    if (static_cast<std::uint64_t>(start - least) > slack) continue;
    if (!stands(run, begin + start, text.size() - static_cast<std::size_t>(start))) continue;
    const std::int64_t value = start + run.size;
    const std::uint32_t* behind = token + run.tokens + 1;
    std::int64_t stop = value;
    if (run.next == Next::scalar) {
      stop = skip_space_before(begin + *behind) - begin;
      if (stop <= value || !is_scalar(begin + value, begin + stop)) continue;
    } else if (run.next == Next::container) {
      if (begin[value] != '{' && begin[value] != '[') continue;
      Cursor cursor(index, begin, {behind - 1, all.stop});
      const char* last = nullptr;
      if (skip_container(cursor, run.depth, begin + text.size(), last) != nullptr) return nullptr;
      stop = last + 1 - begin;
      behind = cursor.position();
    }
    followed_[static_cast<std::size_t>(cut - cuts.at)] = here;
    *cut++ = static_cast<std::uint32_t>(start);
    number = run.then;
    token = behind;
    least = stop;
    slack = run.next == Next::string ? kMaxText : 0;
    if (run.next != Next::end) continue;
    cuts.count = static_cast<std::uint32_t>(cut - cuts.at);
    return number == kNone ? nullptr : &shapes_[number];
  }
  return nullptr;
}

void ShapeMemory::learn(std::string_view text, Tokens tokens, const Place& root, std::size_t places, Cuts& cuts) {
  if (text.size() > kMaxText || !trust_.learns()) return;
  std::vector<Piece> pieces;
  const bool fits =
      root.is_container() && descends(root.nodes) && shape_bytes_ + Shape::bytes_of(places) <= kMaxShapeBytes;
  if (fits) pieces = cut(text, tokens, root, Cuts::kMax);
  trust_.learnt(!pieces.empty() && remember(text, pieces, root, cuts));
}

/// Of a text that was followed just now.
void ShapeMemory::learn_stencil(std::string_view text, Tokens tokens, const Shape& shape, const Cuts& cuts) {
  const auto count = static_cast<std::size_t>(tokens.stop - tokens.at);
  KnownStencil* place = nullptr;
  for (KnownStencil& known : stencils_[count % kStencilPairs]) {
    if ((known.misses == 0 || --known.misses == 0) && place == nullptr) place = &known;
  }
  if (place == nullptr) return;
  Stencil made;
  const bool is_made = make_stencil(text, tokens, shape, cuts, made);
  if (is_made && stencil_bytes() + made.bytes() > kMaxStencilBytes) forget_stencils();
  if (is_made) place->stencil = std::move(made);
  place->misses = place->patience = std::min(4 * place->patience, kMostPatience);
  stencil_trust_.learnt(is_made);
}

bool ShapeMemory::make_stencil(std::string_view text, Tokens tokens, const Shape& shape, const Cuts& cuts,
                               Stencil& made) const {
  const auto count = static_cast<std::size_t>(tokens.stop - tokens.at);
  if (count > Stencil::kMaxTokens) return false;
  made = Stencil(static_cast<std::uint32_t>(&shape - shapes_.data()), count);
  std::uint32_t token = 0;
  for (std::uint32_t i = 0; i < cuts.count; ++i) {
    const Run& run = runs_[followed_[i]];
    if (!made.add_run(token, run.lead, {bytes_.data() + run.bytes, run.size})) return false;
    const std::uint32_t behind = run.next == Next::end ? static_cast<std::uint32_t>(count) : token + run.tokens;
    if (run.next != Next::string) made.add_distance(token, behind, run.size - run.lead);
    if (run.next == Next::scalar) made.add_scalar(behind, text.data(), tokens.at);
    if (run.next == Next::container) {
      token = made.add_container(behind, text.data(), tokens.at);
      made.add_distance(token - 1, token, 1);
    } else {
      token = behind + 1;
    }
  }
  return true;
}

void ShapeMemory::forget_stencils() {
  for (auto& pair : stencils_) {
    for (KnownStencil& known : pair) known.stencil = Stencil();
  }
}

std::size_t ShapeMemory::stencil_bytes() const {
  std::size_t sum = 0;
  for (const auto& pair : stencils_) sum += pair[0].stencil.bytes() + pair[1].stencil.bytes();
  return sum;
}

bool ShapeMemory::remember(std::string_view text, const std::vector<Piece>& pieces, const Place& root, Cuts& cuts) {
  if (runs_.size() + pieces.size() > kMaxRuns) return false;
  std::uint32_t before = kNone;
  cuts.count = 0;
  for (const Piece& piece : pieces) {
    cuts.at[cuts.count++] = piece.start;
    before = add_run(before, text.substr(piece.start, piece.stop - piece.start), piece);
    if (before == kNone) return false;
  }
  if (runs_[before].then != kNone) return false;
  shapes_.emplace_back(root, text.data(), cuts);
  shape_bytes_ += shapes_.back().bytes();
  runs_[before].then = static_cast<std::uint32_t>(shapes_.size() - 1);
  return true;
}

/// The run behind that one, made if it is not there; kNone: there is no room.
std::uint32_t ShapeMemory::add_run(std::uint32_t before, std::string_view bytes, const Piece& piece) {
  std::uint32_t last = kNone;
  unsigned others = 0;
  for (std::uint32_t i = before == kNone ? first_ : runs_[before].then; i != kNone; i = runs_[i].other, ++others) {
    const std::string_view known(bytes_.data() + runs_[i].bytes, runs_[i].size);
    if (runs_[i].next == piece.next && runs_[i].lead == piece.lead && known == bytes) return i;
    last = i;
  }
  const std::size_t used = bytes_.empty() ? 0 : bytes_.size() - kPadding;
  if (others == kMaxOthers || used + bytes.size() > kMaxBytes) return kNone;
  bytes_.resize(used + bytes.size() + kPadding);
  std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(used));
  const auto made = static_cast<std::uint32_t>(runs_.size());
  Run& run = runs_.emplace_back();
  run.bytes = static_cast<std::uint32_t>(used);
  run.size = static_cast<std::uint16_t>(bytes.size());
  run.mask = bytes.size() < 32 ? (std::uint32_t{1} << bytes.size()) - 1 : ~std::uint32_t{0};
  run.lead = static_cast<std::uint16_t>(piece.lead);
  run.tokens = static_cast<std::uint16_t>(piece.tokens);
  run.depth = static_cast<std::uint8_t>(piece.depth);
  run.next = piece.next;
  std::uint32_t& link = last != kNone ? runs_[last].other : before != kNone ? runs_[before].then : first_;
  link = made;
  return made;
}

std::size_t ShapeMemory::bytes() const {
  return stencil_bytes() + bytes_.capacity() + runs_.capacity() * sizeof(Run) + shapes_.capacity() * sizeof(Shape) +
         shape_bytes_;
}

void ShapeMemory::forget() {
  bytes_ = std::vector<char>();  // which, unlike clear(), gives the memory back
  runs_ = std::vector<Run>();
  shapes_ = std::vector<Shape>();
  stencils_ = {};
  shape_bytes_ = 0;
  first_ = kNone;
}

}  // namespace weir::host::json
