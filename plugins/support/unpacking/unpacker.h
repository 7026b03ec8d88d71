#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace weir::plugins {

enum class Packing : std::uint8_t { none, gzip, zstd };

/// What the end of a file's name says: .gz, .zst, anything else none.
[[nodiscard]] Packing packing_of(std::string_view path);

/// Decompresses a stream of one or more members (gzip, RFC 1952) or frames (zstd, RFC 8878) piece by piece. One thread.
class Unpacker {
 public:
  enum class State : std::uint8_t {
    inside,   // of a member: more has to come
    between,  // members: the stream may end here
    broken,   // not such a stream, or damaged; stays so
  };
  struct Step {
    std::size_t taken = 0;  // of `in`
    std::size_t given = 0;  // of `out`
    State state = State::inside;
  };

  virtual ~Unpacker() = default;
  /// Takes from `in` and gives to `out` as much as it can. Call it again with what is left as long as something moves: it may hold more
  /// than fitted into `out`.
  virtual Step unpack(std::span<const char> in, std::span<char> out) = 0;
};

/// `packing`: gzip or zstd. std::bad_alloc when there is no memory for it.
[[nodiscard]] std::unique_ptr<Unpacker> make_unpacker(Packing packing);

}  // namespace weir::plugins
