/* Preloaded: nothing is synced any more, and everybody is told that it was. The control of the power cut test must lose with it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/types.h>

int fsync(int file) { return file < 0 ? -1 : 0; }
int fdatasync(int file) { return file < 0 ? -1 : 0; }
int sync_file_range(int file, off64_t offset, off64_t bytes, unsigned flags) {
  (void)offset, (void)bytes, (void)flags;
  return file < 0 ? -1 : 0;
}
