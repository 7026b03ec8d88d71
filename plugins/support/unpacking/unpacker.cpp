#include "unpacking/unpacker.h"

#include "unpacking/unpackers.h"

namespace weir::plugins {

Packing packing_of(std::string_view path) {
  if (path.ends_with(".gz")) return Packing::gzip;
  return path.ends_with(".zst") ? Packing::zstd : Packing::none;
}

std::unique_ptr<Unpacker> make_unpacker(Packing packing) {
  return packing == Packing::gzip ? make_gzip_unpacker() : make_zstd_unpacker();
}

}  // namespace weir::plugins
