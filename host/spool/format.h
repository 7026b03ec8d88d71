#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The fixed pieces of a spool's files as values and as bytes: docs/spool-format.md. Numbers are little-endian. decode_…() never reads
/// past its bytes and gives nothing for what is not whole.
namespace weir::host::spool {

/// Of a record: its place in the order of all records the spool ever took. The first is larger than 0.
using Sequence = std::uint64_t;
using SpoolId = std::array<char, 16>;

inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::size_t kSectorBytes = 512;
/// A segment begins with its header twice, each in a sector of its own.
inline constexpr std::size_t kSegmentHeaderBytes = 2 * kSectorBytes;
inline constexpr std::size_t kBlockHeaderBytes = 88;
inline constexpr std::size_t kBlockTrailerBytes = 4;  // CRC32C of the payload
inline constexpr std::size_t kFooterBytes = 128;
inline constexpr std::size_t kNonceBytes = 24;
inline constexpr std::size_t kLongestWrappedKey = 128;
/// Raw bytes of a block, unless one record is larger: what damage can take at most.
inline constexpr std::size_t kBlockBytes = 256 * 1024;

struct SegmentHeader {
  SpoolId spool{};
  Sequence first = 0;         // sequence number of its first record
  std::uint64_t ordinal = 0;  // records the spool had taken before it
  std::int64_t created_ms = 0;
  std::string wrapped_key;  // at most kLongestWrappedKey bytes; empty: plain
};
/// One sector.
[[nodiscard]] std::string encode(const SegmentHeader& header);
[[nodiscard]] std::optional<SegmentHeader> decode_segment_header(std::string_view sector);

enum class Codec : std::uint8_t { none, lz4 };

struct BlockHeader {
  Codec codec = Codec::none;
  bool encrypted = false;
  std::uint32_t count = 0;   // records
  std::uint64_t stored = 0;  // bytes of the payload
  std::uint64_t raw = 0;     // bytes of its records
  Sequence first = 0;
  std::int64_t first_ms = 0;  // when its records were taken, wall clock
  std::int64_t last_ms = 0;
  std::uint64_t durable = 0;  // bytes of the segment that were durable when it was written
  std::array<char, kNonceBytes> nonce{};

  [[nodiscard]] Sequence end() const { return first + count; }
  [[nodiscard]] std::uint64_t size() const { return kBlockHeaderBytes + stored + kBlockTrailerBytes; }
};
/// `salt`: of the spool, so that bytes in a record cannot be taken for a header.
[[nodiscard]] std::string encode(const BlockHeader& header, std::uint32_t salt);
[[nodiscard]] std::optional<BlockHeader> decode_block_header(std::string_view bytes, std::uint32_t salt);
[[nodiscard]] std::uint32_t salt_of(const SpoolId& spool);
/// Where the next block header may begin: the offset of its magic at or behind `from`; nothing: none whole is there.
[[nodiscard]] std::optional<std::size_t> find_block_magic(std::string_view bytes, std::size_t from);

struct Footer {
  Sequence first = 0;
  Sequence end = 0;  // one behind the last
  std::uint64_t count = 0;
  std::int64_t oldest_ms = 0;
  std::int64_t newest_ms = 0;
  std::uint64_t blocks = 0;
  std::uint64_t data_end = 0;     // where the footer begins
  std::uint32_t crc_of_crcs = 0;  // of the trailers of its blocks, in order
};
[[nodiscard]] std::string encode(const Footer& footer);
[[nodiscard]] std::optional<Footer> decode_footer(std::string_view bytes);

/// One of the two slots of `state`. A sector.
struct StateSlot {
  std::uint64_t generation = 0;  // the larger one counts
  SpoolId spool{};
  Sequence delivered = 0;  // all up to it has settled; a lower bound
  Sequence durable = 0;    // so far everything was on disk; a lower bound
  Sequence next = 0;       // smaller numbers may have been given to records that are lost, and are not given again
  /// Segments that expired and were removed while earlier records were still under way: no records from `hole_first` to before
  /// `hole_end`, which were `hole_records`. Equal bounds: none.
  Sequence hole_first = 0;
  Sequence hole_end = 0;
  std::uint64_t hole_records = 0;
  /// How far the segment that begins with `tail_first` was durable; a lower bound.
  Sequence tail_first = 0;
  std::uint64_t tail_bytes = 0;
};
[[nodiscard]] std::string encode(const StateSlot& slot);
[[nodiscard]] std::optional<StateSlot> decode_state_slot(std::string_view sector);

/// "00000000000000000042.seg"
[[nodiscard]] std::string segment_name(Sequence first);
[[nodiscard]] std::optional<Sequence> segment_of_name(std::string_view name);

}  // namespace weir::host::spool
