#pragma once
#include "unpacking/unpacker.h"

namespace weir::plugins {

[[nodiscard]] std::unique_ptr<Unpacker> make_gzip_unpacker();
[[nodiscard]] std::unique_ptr<Unpacker> make_zstd_unpacker();

}  // namespace weir::plugins
