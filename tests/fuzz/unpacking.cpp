// Any bytes as a compressed file, taken whole and in small pieces: both give the same, and nothing after damage. Any bytes that were
// compressed come out as they were, two members or frames as one stream.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "../../plugins/support/unpacking/packed.h"

namespace {

using namespace weir::plugins;

constexpr std::size_t kMostOut = 1 << 20;  // bytes; little may hold very much

struct Unpacked {
  std::string text;
  Unpacker::State state = Unpacker::State::between;
  bool is_all = false;
};

void check(bool right) {
  if (!right) std::abort();
}

Unpacked unpack(Packing packing, std::string_view in, std::size_t in_piece, std::size_t out_piece) {
  const auto unpacker = make_unpacker(packing);
  std::vector<char> out(out_piece);
  Unpacked all;
  std::size_t given_in = std::min(in_piece, in.size());  // that much of `in` was read from disk
  while (all.text.size() < kMostOut) {
    const Unpacker::Step step = unpacker->unpack({in.data(), given_in}, out);
    check(step.taken <= given_in && step.given <= out.size());
    all.text.append(out.data(), step.given);
    all.state = step.state;
    in.remove_prefix(step.taken);
    given_in -= step.taken;
    if (step.state == Unpacker::State::broken) break;
    if (step.taken > 0 || step.given > 0) continue;
    if (given_in == in.size()) break;
    given_in = std::min(given_in + in_piece, in.size());
  }
  all.is_all = all.text.size() < kMostOut;
  const Unpacker::Step after = unpacker->unpack(in, out);
  check(all.state != Unpacker::State::broken || (after.given == 0 && after.state == Unpacker::State::broken));
  return all;
}

void compare(Packing packing, std::string_view bytes, std::size_t in_piece, std::size_t out_piece) {
  const Unpacked whole = unpack(packing, bytes, bytes.size() + 1, kMostOut);
  const Unpacked pieces = unpack(packing, bytes, in_piece, out_piece);
  const std::size_t both = std::min(whole.text.size(), pieces.text.size());
  check(std::string_view(whole.text).substr(0, both) == std::string_view(pieces.text).substr(0, both));
  // A frame of zstd that is there whole may be decompressed at once: how much comes before damage is then another thing.
  const bool is_damaged = whole.state == Unpacker::State::broken || pieces.state == Unpacker::State::broken;
  if (!whole.is_all || !pieces.is_all || (packing == Packing::zstd && is_damaged)) return;
  check(whole.state == pieces.state && whole.text == pieces.text);
}

void there_and_back(Packing packing, std::string_view text, std::size_t in_piece, std::size_t out_piece) {
  const std::size_t half = text.size() / 2;
  const std::string bytes =
      testing_support::packed(packing, text.substr(0, half)) + testing_support::packed(packing, text.substr(half));
  const Unpacked back = unpack(packing, bytes, in_piece, out_piece);
  check(back.text == text && back.state == Unpacker::State::between);
}

}  // namespace

/// The first byte: bit 0 the packing, bit 1 whether the rest is to be compressed first; the second and third the pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const Packing packing = (data[0] & 1U) != 0 ? Packing::zstd : Packing::gzip;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 3, size - 3);
  const std::size_t in_piece = data[1] + std::size_t{1};
  const std::size_t out_piece = data[2] * std::size_t{16} + 1;
  (data[0] & 2U) != 0 ? there_and_back(packing, rest, in_piece, out_piece)
                      : compare(packing, rest, in_piece, out_piece);
  return 0;
}
