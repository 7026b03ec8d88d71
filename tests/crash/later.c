/* Preloaded: C++ code that asks for the wall clock is told a time LATER_SECONDS from now. C libraries (librdkafka) wait until points of the
 * kernel's own clock, so they see that one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now) {
  const int result = (int)syscall(SYS_clock_gettime, clock, now);
  const char *later = getenv("LATER_SECONDS");
  Dl_info caller;
  if (result == 0 && clock == CLOCK_REALTIME && later && dladdr(__builtin_return_address(0), &caller) && strstr(caller.dli_fname, "libstdc++"))
    now->tv_sec += atol(later);
  return result;
}
