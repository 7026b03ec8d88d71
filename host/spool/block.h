#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/box.h"
#include "spool/format.h"

namespace weir::host::spool {

/// Records on their way to the disk, packed but not sealed: what the segment does not matter for.
struct PackedBlock {
  Codec codec = Codec::none;
  std::string_view payload;
  std::uint64_t raw = 0;
  std::uint32_t count = 0;
  std::int64_t first_ms = 0;
  std::int64_t last_ms = 0;
};

/// The payload of records: compressed into `packed`, or, where that does not pay, `raw` itself. Views of either.
[[nodiscard]] std::pair<Codec, std::string_view> pack(std::string_view raw, std::string& packed);

/// What of a block lies on the disk, in three pieces. Used again.
struct BlockImage {
  std::string header;
  std::string box;           // of an encrypted block
  std::string_view payload;  // what is written: the box, or the block's own
  std::string trailer;
  std::uint32_t crc = 0;  // of the payload

  [[nodiscard]] std::uint64_t size() const { return header.size() + payload.size() + trailer.size(); }
};
/// `key` null: plain. `header` says where it goes; the rest is filled in here.
void make_image(const PackedBlock& block, BlockHeader header, std::uint32_t salt, const crypto::DataKey* key,
                BlockImage& image);

/// Whether the payload is what was written: `bytes` begin behind the header and hold payload and trailer.
[[nodiscard]] bool is_whole(const BlockHeader& header, std::string_view bytes);
/// The records of a block into `raw`. `bytes` as above. False: it is damaged, or `key` is not the one it was sealed with.
[[nodiscard]] bool unpack(const BlockHeader& header, std::uint32_t salt, std::string_view bytes,
                          const crypto::DataKey* key, std::string& raw);

}  // namespace weir::host::spool
