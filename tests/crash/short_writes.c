/* Preloaded: every third write at an offset takes less than it was given, as POSIX allows; every seventh is interrupted before it begins. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_uint calls;

typedef ssize_t write_at(int, const void *, size_t, off_t);
static ssize_t write_some(int file, const void *bytes, size_t count, off_t offset) {
  static write_at *real;
  if (!real) real = (write_at *)dlsym(RTLD_NEXT, "pwrite");
  const unsigned call = atomic_fetch_add(&calls, 1);
  if (call % 7 == 6) {
    errno = EINTR;
    return -1;
  }
  return real(file, bytes, call % 3 == 2 && count > 1 ? count / 2 : count, offset);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) { return write_some(file, bytes, count, offset); }
ssize_t pwrite64(int file, const void *bytes, size_t count, off_t offset) { return write_some(file, bytes, count, offset); }
/* Only its first part. */
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset) {
  for (int i = 0; i < count; ++i) {
    if (parts[i].iov_len > 0) return write_some(file, parts[i].iov_base, parts[i].iov_len, offset);
  }
  return 0;
}
ssize_t pwritev64(int file, const struct iovec *parts, int count, off_t offset) { return pwritev(file, parts, count, offset); }
