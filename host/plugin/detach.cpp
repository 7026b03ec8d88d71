#include "plugin/detach.h"

#include <dlfcn.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace weir::host::plugin {
namespace {

struct Range {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
  int rights = PROT_NONE;
};

std::uintptr_t page_of(std::uintptr_t address) {
  static const auto size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  return address & ~(size - 1);
}

std::uintptr_t page_behind(std::uintptr_t address) {
  return page_of(address + static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE)) - 1);
}

int rights_of(const ElfW(Phdr) & segment) {
  return ((segment.p_flags & PF_R) != 0 ? PROT_READ : 0) | ((segment.p_flags & PF_W) != 0 ? PROT_WRITE : 0) |
         ((segment.p_flags & PF_X) != 0 ? PROT_EXEC : 0);
}

/// What the file backs of a loaded library, as the loader has left it: the pages of PT_GNU_RELRO are read-only by now.
struct Search {
  ElfW(Addr) base = 0;
  std::vector<Range> ranges;

  void look_at(const dl_phdr_info& library) {
    if (library.dlpi_addr != base) return;
    Range fixed;
    for (int i = 0; i < library.dlpi_phnum; ++i) {
      const auto& segment = library.dlpi_phdr[i];
      if (segment.p_type == PT_GNU_RELRO)
        fixed = {page_of(base + segment.p_vaddr), page_of(base + segment.p_vaddr + segment.p_memsz), PROT_READ};
    }
    for (int i = 0; i < library.dlpi_phnum; ++i) {
      const auto& segment = library.dlpi_phdr[i];
      if (segment.p_type != PT_LOAD || segment.p_filesz == 0) continue;
      const Range range{page_of(base + segment.p_vaddr), page_behind(base + segment.p_vaddr + segment.p_filesz),
                        rights_of(segment)};
      add(range, fixed);
    }
  }

  void add(Range range, const Range& fixed) {
    if (fixed.begin == range.begin && fixed.end > fixed.begin) {
      ranges.push_back({range.begin, fixed.end, fixed.rights});
      range.begin = fixed.end;
    }
    if (range.begin < range.end) ranges.push_back(range);
  }
};

void replace(const Range& range) {
  const std::size_t size = range.end - range.begin;
  auto* const here = reinterpret_cast<void*>(range.begin);
  void* const copy = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (copy == MAP_FAILED) return;
  std::memcpy(copy, here, size);
  const bool done = ::mprotect(copy, size, range.rights) == 0 &&
                    ::mremap(copy, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, here) != MAP_FAILED;
  if (!done) ::munmap(copy, size);
}

}  // namespace

void detach_from_file(void* handle) {
  const link_map* library = nullptr;
  if (::dlinfo(handle, RTLD_DI_LINKMAP, &library) != 0) return;
  Search search;
  search.base = library->l_addr;
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* found) {
        static_cast<Search*>(found)->look_at(*info);
        return 0;
      },
      &search);
  for (const Range& range : search.ranges) {
    if ((range.rights & PROT_READ) != 0) replace(range);
  }
}

}  // namespace weir::host::plugin
