#pragma once
#include <cstdint>
#include <string_view>

namespace weir::host::spool {

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4): of "123456789" it is 0xe3069283. `so_far`: of the bytes before these.
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes, std::uint32_t so_far = 0);

/// The same without the processor's help, for tests and processors that give none.
[[nodiscard]] std::uint32_t crc32c_by_table(std::string_view bytes, std::uint32_t so_far = 0);

}  // namespace weir::host::spool
