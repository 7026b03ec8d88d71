#include "cli/spool_tools/holder.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cstdio>
#include <fstream>

namespace weir::host::cli {

// A line of /proc/locks (proc(5)): "1: FLOCK  ADVISORY  WRITE 4711 fd:01:10109275 0 EOF"; device numbers are hexadecimal.
long holder_of(const std::string& lock_file) {
  struct stat file {};
  if (::stat(lock_file.c_str(), &file) != 0) return 0;
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    long pid = 0;
    unsigned major = 0;
    unsigned minor = 0;
    unsigned long long inode = 0;
    if (std::sscanf(line.c_str(), "%*s FLOCK %*s WRITE %ld %x:%x:%llu", &pid, &major, &minor, &inode) != 4) continue;
    if (inode == file.st_ino && major == ::major(file.st_dev) && minor == ::minor(file.st_dev)) return pid;
  }
  return 0;
}

}  // namespace weir::host::cli
