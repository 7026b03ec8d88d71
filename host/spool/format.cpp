#include "spool/format.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "spool/crc32c.h"

namespace weir::host::spool {
namespace {

constexpr std::string_view kSegmentMagic = "WeirSeg\n";
constexpr std::string_view kBlockMagic = "WBk\n";
constexpr std::string_view kFooterMagic = "WeirEnd\n";
constexpr std::string_view kStateMagic = "WeirSta\n";
constexpr std::string_view kSuffix = ".seg";
constexpr std::size_t kNameDigits = 20;
constexpr std::size_t kCrcBytes = 4;

/// Fills a piece of fixed size from the front; its CRC goes to the end.
class Put {
 public:
  explicit Put(std::size_t size) : bytes_(size, '\0') {}
  Put& text(std::string_view text) {
    std::memcpy(bytes_.data() + at_, text.data(), text.size());
    at_ += text.size();
    return *this;
  }
  template <typename Number>
  Put& number(Number value) {
    auto rest = static_cast<std::uint64_t>(value);
    for (std::size_t i = 0; i < sizeof(Number); ++i, rest >>= 8) bytes_[at_++] = static_cast<char>(rest & 0xff);
    return *this;
  }
  Put& skip(std::size_t bytes) {
    at_ += bytes;
    return *this;
  }
  std::string with_crc(std::uint32_t seed = 0) {
    const std::uint32_t crc = crc32c(std::string_view(bytes_).substr(0, bytes_.size() - kCrcBytes), seed);
    at_ = bytes_.size() - kCrcBytes;
    number(crc);
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

/// Reads a piece of fixed size from the front.
class Get {
 public:
  explicit Get(std::string_view bytes) : bytes_(bytes) {}
  std::string_view text(std::size_t size) {
    const std::string_view text = bytes_.substr(at_, size);
    at_ += size;
    return text;
  }
  template <typename Number>
  void number(Number& value) {
    std::uint64_t whole = 0;
    for (std::size_t i = sizeof(Number); i > 0; --i)
      whole = whole << 8 | static_cast<unsigned char>(bytes_[at_ + i - 1]);
    at_ += sizeof(Number);
    value = static_cast<Number>(whole);
  }
  template <std::size_t kSize>
  void bytes(std::array<char, kSize>& into) {
    std::memcpy(into.data(), bytes_.data() + at_, kSize);
    at_ += kSize;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

/// A piece that begins with its magic and ends with the CRC of what is before it; only its first `size` bytes are looked at.
bool is_whole(std::string_view bytes, std::size_t size, std::string_view magic, std::uint32_t seed = 0) {
  if (bytes.size() < size || !bytes.starts_with(magic)) return false;
  std::uint32_t crc = 0;
  Get(bytes.substr(size - kCrcBytes)).number(crc);
  return crc == crc32c(bytes.substr(0, size - kCrcBytes), seed);
}

/// Numbers that can be counted on from and times that can be subtracted: none that were written by this code lie outside.
bool is_countable(Sequence number) { return number <= std::uint64_t{1} << 62; }
bool is_time(std::int64_t ms) { return ms != INT64_MIN && std::abs(ms) <= std::int64_t{1} << 60; }

std::string_view view(const SpoolId& id) { return {id.data(), id.size()}; }

}  // namespace

std::string encode(const SegmentHeader& header) {
  Put put(kSectorBytes);
  put.text(kSegmentMagic).number(kVersion).number(static_cast<std::uint32_t>(header.wrapped_key.size()));
  put.text(view(header.spool)).number(header.first).number(header.ordinal).number(header.created_ms);
  return put.text(header.wrapped_key).with_crc();
}

std::optional<SegmentHeader> decode_segment_header(std::string_view sector) {
  if (!is_whole(sector, kSectorBytes, kSegmentMagic)) return std::nullopt;
  Get get(sector.substr(kSegmentMagic.size()));
  SegmentHeader header;
  std::uint32_t version = 0;
  std::uint32_t wrapped = 0;
  get.number(version);
  get.number(wrapped);
  if (version != kVersion || wrapped > kLongestWrappedKey) return std::nullopt;
  get.bytes(header.spool);
  get.number(header.first);
  get.number(header.ordinal);
  get.number(header.created_ms);
  if (!is_countable(header.first) || !is_countable(header.ordinal) || !is_time(header.created_ms)) return std::nullopt;
  header.wrapped_key = get.text(wrapped);
  return header;
}

std::string encode(const BlockHeader& header, std::uint32_t salt) {
  Put put(kBlockHeaderBytes);
  put.text(kBlockMagic).number(static_cast<std::uint8_t>(header.codec)).number(std::uint8_t{header.encrypted}).skip(2);
  put.number(header.count).skip(4).number(header.stored).number(header.raw).number(header.first);
  const auto took = std::clamp<std::int64_t>(header.last_ms - header.first_ms, 0, UINT32_MAX);
  put.number(header.first_ms).number(static_cast<std::uint32_t>(took)).number(header.durable);
  return put.text({header.nonce.data(), header.nonce.size()}).with_crc(salt);
}

std::optional<BlockHeader> decode_block_header(std::string_view bytes, std::uint32_t salt) {
  if (!is_whole(bytes, kBlockHeaderBytes, kBlockMagic, salt)) return std::nullopt;
  Get get(bytes.substr(kBlockMagic.size()));
  BlockHeader header;
  std::uint8_t codec = 0;
  std::uint8_t encrypted = 0;
  std::uint16_t reserved = 0;
  get.number(codec);
  get.number(encrypted);
  get.number(reserved);
  if (codec > static_cast<std::uint8_t>(Codec::lz4) || encrypted > 1) return std::nullopt;
  header.codec = static_cast<Codec>(codec);
  header.encrypted = encrypted != 0;
  std::uint32_t padding = 0;
  std::uint32_t took = 0;
  get.number(header.count);
  get.number(padding);
  get.number(header.stored);
  get.number(header.raw);
  get.number(header.first);
  get.number(header.first_ms);
  get.number(took);
  get.number(header.durable);
  get.bytes(header.nonce);
  if (!is_countable(header.first) || !is_time(header.first_ms)) return std::nullopt;
  header.last_ms = header.first_ms + took;
  return header;
}

std::uint32_t salt_of(const SpoolId& spool) { return crc32c(view(spool)); }

std::optional<std::size_t> find_block_magic(std::string_view bytes, std::size_t from) {
  const std::size_t found = bytes.find(kBlockMagic, from);
  if (found == std::string_view::npos) return std::nullopt;
  return found;
}

std::string encode(const Footer& footer) {
  Put put(kFooterBytes);
  put.text(kFooterMagic).number(kVersion).number(footer.crc_of_crcs);
  put.number(footer.first).number(footer.end).number(footer.count).number(footer.oldest_ms).number(footer.newest_ms);
  return put.number(footer.blocks).number(footer.data_end).with_crc();
}

std::optional<Footer> decode_footer(std::string_view bytes) {
  if (!is_whole(bytes, kFooterBytes, kFooterMagic)) return std::nullopt;
  Get get(bytes.substr(kFooterMagic.size()));
  Footer footer;
  std::uint32_t version = 0;
  get.number(version);
  if (version != kVersion) return std::nullopt;
  get.number(footer.crc_of_crcs);
  get.number(footer.first);
  get.number(footer.end);
  get.number(footer.count);
  get.number(footer.oldest_ms);
  get.number(footer.newest_ms);
  get.number(footer.blocks);
  get.number(footer.data_end);
  if (!is_countable(footer.end) || !is_countable(footer.count) || !is_time(footer.oldest_ms) ||
      !is_time(footer.newest_ms))
    return std::nullopt;
  return footer;
}

std::string encode(const StateSlot& slot) {
  Put put(kSectorBytes);
  put.text(kStateMagic).number(kVersion).skip(4).number(slot.generation).text(view(slot.spool));
  put.number(slot.delivered).number(slot.durable).number(slot.next);
  put.number(slot.hole_first).number(slot.hole_end).number(slot.hole_records);
  return put.number(slot.tail_first).number(slot.tail_bytes).with_crc();
}

std::optional<StateSlot> decode_state_slot(std::string_view sector) {
  if (!is_whole(sector, kSectorBytes, kStateMagic)) return std::nullopt;
  Get get(sector.substr(kStateMagic.size()));
  StateSlot slot;
  std::uint32_t version = 0;
  std::uint32_t padding = 0;
  get.number(version);
  if (version != kVersion) return std::nullopt;
  get.number(padding);
  get.number(slot.generation);
  get.bytes(slot.spool);
  get.number(slot.delivered);
  get.number(slot.durable);
  get.number(slot.next);
  get.number(slot.hole_first);
  get.number(slot.hole_end);
  get.number(slot.hole_records);
  get.number(slot.tail_first);
  get.number(slot.tail_bytes);
  for (const Sequence number :
       {slot.delivered, slot.durable, slot.next, slot.hole_first, slot.hole_end, slot.hole_records}) {
    if (!is_countable(number)) return std::nullopt;
  }
  return slot;
}

std::string segment_name(Sequence first) {
  const std::string digits = std::to_string(first);
  return std::string(kNameDigits - digits.size(), '0') + digits + std::string(kSuffix);
}

std::optional<Sequence> segment_of_name(std::string_view name) {
  if (name.size() != kNameDigits + kSuffix.size() || !name.ends_with(kSuffix)) return std::nullopt;
  Sequence first = 0;
  const char* const end = name.data() + kNameDigits;
  const auto [stop, error] = std::from_chars(name.data(), end, first);
  if (error != std::errc() || stop != end || !is_countable(first)) return std::nullopt;
  return first;
}

}  // namespace weir::host::spool
