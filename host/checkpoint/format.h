#pragma once
#include <string>
#include <string_view>

#include "checkpoint/store.h"

namespace weir::host {

/// A checkpoint as the bytes of its file and back; the format is described in docs/checkpoint-format.md.
[[nodiscard]] std::string encode_checkpoint(const Checkpoint& checkpoint);
/// E_FATAL: what is wrong with the bytes. Never reads past them, whatever they are.
[[nodiscard]] Result<Checkpoint> decode_checkpoint(std::string_view bytes);

/// CRC-32 as in IEEE 802.3 and zlib: of "123456789" it is 0xcbf43926.
[[nodiscard]] std::uint32_t crc32_of(std::string_view bytes);

}  // namespace weir::host
