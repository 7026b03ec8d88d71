#include "cli/chaos/shared_page.h"

#include <sys/mman.h>

#include <new>

namespace weir::host::cli::chaos {

void UnmapPage::operator()(SharedPage* page) const { ::munmap(page, sizeof *page); }

SharedPagePtr make_shared_page() {
  void* const memory = ::mmap(nullptr, sizeof(SharedPage), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return SharedPagePtr(new (memory) SharedPage);
}

}  // namespace weir::host::cli::chaos
