#include "json/stencil.h"

#include <algorithm>
#include <cstring>

#include "json/bytes_at_once.h"
#include "json/text.h"

namespace weir::host::json {
namespace {

/// Of the first byte of a token: it is no scalar's.
bool is_mark(char c) { return std::string_view("{}[]:,\"").find(c) != std::string_view::npos; }

std::uint32_t one_byte(const char* at) { return static_cast<unsigned char>(*at); }

std::uint32_t two_bytes(const char* at) {
  std::uint16_t bytes = 0;
  std::memcpy(&bytes, at, sizeof(bytes));
  return bytes;
}

template <typename Likely>
bool is(const char* at, const char* stop) {
  Likely one;
  one.add(at, stop);
  return one.all();
}

/// The bits that `different` returns for any of them.
template <typename T, typename Different>
std::uint32_t any(const Fours<T>& fours, const Different& different) {
  std::uint32_t found = 0;
  for (const auto& four : fours.all())
    found |= (different(four[0]) | different(four[1])) | (different(four[2]) | different(four[3]));
  return found;
}

}  // namespace

/// A text that does not fit is read at the same places: a token has a byte before it for each token before it, so with one byte of
/// lead nothing is read before the text.
bool Stencil::add_run(std::uint32_t token, std::uint32_t lead, std::string_view bytes) {
  if (lead > std::min(token, 1U) || bytes.size() > kMaxRun) return false;
  starts_.add({token, lead});
  ++runs_;
  for (std::size_t at = 0; at < bytes.size(); at += kAtOnce) {
    const std::string_view part = bytes.substr(at, kAtOnce);
    Chunk chunk;
    std::copy(part.begin(), part.end(), chunk.bytes);
    std::fill_n(chunk.mask, part.size(), '\xff');
    chunk.offset = static_cast<std::int32_t>(at) - static_cast<std::int32_t>(lead);
    chunk.token = token;
    chunks_.add(chunk);
  }
  return true;
}

void Stencil::add_distance(std::uint32_t from, std::uint32_t to, std::uint32_t bytes) {
  distances_.add({from, to, bytes});
}

void Stencil::add_scalar(std::uint32_t token, const char* text, const std::uint32_t* tokens) {
  const char* const at = text + tokens[token];
  const char* const stop = text + tokens[token + 1];
  Scalars& scalars = is<Literals>(at, stop)        ? literals_
                     : is<ShortIntegers>(at, stop) ? short_integers_
                     : is<ShortDecimals>(at, stop) ? short_decimals_
                                                   : others_;
  scalars.push_back(static_cast<std::uint16_t>(token));
}

std::uint32_t Stencil::add_container(std::uint32_t token, const char* text, const std::uint32_t* tokens) {
  std::size_t open = 0;
  const auto count = [&open](char c) {
    if (c == '{' || c == '[') ++open;
    if (c == '}' || c == ']') --open;
  };
  do {
    const char* const at = text + tokens[token];
    count(*at);
    if (!is_mark(*at)) {
      add_scalar(token, text, tokens);
    } else if (open > 0 && tokens[token + 1] == tokens[token] + 1 && is_mark(at[1])) {
      pairs_.add(token | two_bytes(at) << 16);
      count(at[1]);
      ++token;
    } else {
      marks_.add(token | one_byte(at) << 16);
    }
    ++token;
  } while (open > 0);
  return token;
}

std::size_t Stencil::bytes() const {
  const std::size_t scalars =
      literals_.capacity() + short_integers_.capacity() + short_decimals_.capacity() + others_.capacity();
  return chunks_.bytes() + distances_.bytes() + pairs_.bytes() + marks_.bytes() + starts_.bytes() +
         scalars * sizeof(Scalars::value_type);
}

bool Stencil::has_runs(const char* text, const std::uint32_t* tokens) const {
  Difference difference;
  const auto add = [text, tokens, &difference](const Chunk& chunk) {
    difference.add(text + tokens[chunk.token] + chunk.offset, chunk.bytes, chunk.mask);
  };
  for (const auto& four : chunks_.all()) {
    add(four[0]);
    add(four[1]);
    add(four[2]);
    add(four[3]);
  }
  const std::uint32_t moved = any(distances_, [tokens](const Distance& distance) {
    return (tokens[distance.to] - tokens[distance.from]) ^ distance.bytes;
  });
  return (moved | tokens[0]) == 0 && !difference.any();  // the first run begins with the text
}

bool Stencil::has_marks(const char* text, const std::uint32_t* tokens) const {
  const auto at = [text, tokens](Mark mark) { return text + tokens[mark & 0xffff]; };
  return (any(pairs_, [at](Mark pair) { return two_bytes(at(pair)) ^ pair >> 16; }) |
          any(marks_, [at](Mark mark) { return one_byte(at(mark)) ^ mark >> 16; })) == 0;
}

/// Moves those that are something else for the first time to the others.
template <typename Likely>
void Stencil::check(Scalars& scalars, const char* text, const std::uint32_t* tokens) {
  Likely likely;
  for (const std::uint16_t token : scalars) likely.add(text + tokens[token], text + tokens[token + 1]);
  if (likely.all()) return;
  const auto moved = std::partition(scalars.begin(), scalars.end(), [text, tokens](std::uint16_t token) {
    return is<Likely>(text + tokens[token], text + tokens[token + 1]);
  });
  others_.insert(others_.end(), moved, scalars.end());
  scalars.erase(moved, scalars.end());
}

bool Stencil::fits(const char* text, const std::uint32_t* tokens, Cuts& cuts) {
  if (!has_runs(text, tokens) || !has_marks(text, tokens)) return false;
  check<Literals>(literals_, text, tokens);
  check<ShortIntegers>(short_integers_, text, tokens);
  check<ShortDecimals>(short_decimals_, text, tokens);
  for (const std::uint16_t token : others_) {
    if (!is_scalar(text + tokens[token], text + tokens[token + 1])) return false;
  }
  std::uint32_t* cut = cuts.at;
  for (const auto& four : starts_.all()) {
    for (const Start& start : four) *cut++ = tokens[start.token] - start.lead;
  }
  cuts.count = runs_;
  return true;
}

}  // namespace weir::host::json
