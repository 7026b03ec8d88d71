// Fuzz target: the reader of ELF files that are about to be loaded. Every read must lie within the file, and names within memory.
#include <cstdlib>
#include <cstring>

#include "plugin/elf.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = [=](std::uint64_t offset, std::span<char> into) {
    if (offset > size || into.size() > size - offset) std::abort();
    std::memcpy(into.data(), data + offset, into.size());
    return true;
  };
  const auto names = weir::host::plugin::exported_data(size, read, "weir_plugin_v");
  if (names.ok()) {
    for (const std::string& name : *names) {
      if (!name.starts_with("weir_plugin_v")) std::abort();
    }
  }
  return 0;
}
