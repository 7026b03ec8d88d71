#include "plugin/detach.h"

#include <sys/mman.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

namespace weir::host::plugin {
namespace {

struct Mapping {
  char* begin = nullptr;
  std::size_t size = 0;
  int rights = PROT_NONE;
};

/// One line of /proc/self/maps (proc(5)); size 0: another file's, or one that is shared.
Mapping read_line(const std::string& line, const std::string& file) {
  unsigned long begin = 0;
  unsigned long end = 0;
  char rights[5] = "";
  if (std::sscanf(line.c_str(), "%lx-%lx %4s", &begin, &end, rights) != 3 || rights[3] != 'p') return {};
  if (!line.ends_with(" " + file)) return {};
  const int read = rights[0] == 'r' ? PROT_READ : 0;
  const int write = rights[1] == 'w' ? PROT_WRITE : 0;
  const int execute = rights[2] == 'x' ? PROT_EXEC : 0;
  return {reinterpret_cast<char*>(begin), end - begin, read | write | execute};
}

std::vector<Mapping> mappings_of(const std::string& file) {
  std::vector<Mapping> found;
  std::ifstream lines("/proc/self/maps");
  for (std::string line; std::getline(lines, line);) {
    const Mapping mapping = read_line(line, file);
    if (mapping.size > 0 && (mapping.rights & PROT_READ) != 0) found.push_back(mapping);
  }
  return found;
}

bool replace(const Mapping& mapping) {
  void* const copy = ::mmap(nullptr, mapping.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (copy == MAP_FAILED) return false;
  std::memcpy(copy, mapping.begin, mapping.size);
  const bool done =
      ::mprotect(copy, mapping.size, mapping.rights) == 0 &&
      ::mremap(copy, mapping.size, mapping.size, MREMAP_MAYMOVE | MREMAP_FIXED, mapping.begin) != MAP_FAILED;
  if (!done) ::munmap(copy, mapping.size);
  return done;
}

}  // namespace

bool detach_from_file(const std::string& file) {
  const std::vector<Mapping> mappings = mappings_of(file);
  bool all = !mappings.empty();
  for (const Mapping& mapping : mappings) all = replace(mapping) && all;
  return all;
}

}  // namespace weir::host::plugin
