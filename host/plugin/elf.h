#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "errors/status.h"

namespace weir::host::plugin {

/// Reads bytes of a file from an offset; false: they are not all there.
using ReadAt = std::function<bool(std::uint64_t offset, std::span<char> into)>;

/// The names beginning with `prefix` that a shared object exports as data, read from its .dynsym without loading it. Bounded in
/// time and memory whatever the bytes are. An error says why the file could not be loaded at all: no ELF file, another machine,
/// no shared object, or damaged (something it names lies outside of it, as in a truncated file).
[[nodiscard]] Result<std::vector<std::string>> exported_data(std::uint64_t file_size, const ReadAt& read,
                                                             std::string_view prefix);

}  // namespace weir::host::plugin
