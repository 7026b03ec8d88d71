// Counts the calls that ask for memory, of a whole process: preloaded (LD_PRELOAD) into one, or linked into a program.
//
// Two counts: all, and those from outside the Kafka client, which is told by the caller's address: librdkafka and the
// compressors only it uses ask by themselves. A caller is the code behind the return address, so what a plugin asks through
// operator new counts as libstdc++'s, outside. Preloaded, it writes both counts to the file $WEIR_BENCH_ALLOCATIONS at the
// process's end, as "all=N outside=N". Any thread. glibc only.
#define _GNU_SOURCE
#include "count_allocations.h"

#include <errno.h>
#include <link.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t count, size_t size);
extern void* __libc_realloc(void* old, size_t size);
extern void* __libc_memalign(size_t align, size_t size);

static atomic_long all;
static atomic_long outside;

// --- which code belongs to the client -------------------------------------------------------------------------------

enum { kRanges = 32 };
typedef struct {
  _Atomic uintptr_t start;
  _Atomic uintptr_t end;
} range;
static range client_code[kRanges];
static atomic_int range_count;
static atomic_flag looking = ATOMIC_FLAG_INIT;
static atomic_ulong libraries_seen;

static int is_client(const char* path) {
  static const char* const kNames[] = {"/librdkafka.so", "/liblz4.so", "/libzstd.so", "/libz.so"};
  for (size_t i = 0; i < sizeof kNames / sizeof *kNames; ++i)
    if (strstr(path, kNames[i]) != NULL) return 1;
  return 0;
}

static int note_library(struct dl_phdr_info* info, size_t size, void* found) {
  (void)size;
  int* count = found;
  if (!is_client(info->dlpi_name)) return 0;
  for (int i = 0; i < info->dlpi_phnum && *count < kRanges; ++i) {
    const ElfW(Phdr)* segment = &info->dlpi_phdr[i];
    if (segment->p_type != PT_LOAD || (segment->p_flags & PF_X) == 0) continue;
    client_code[*count].start = info->dlpi_addr + segment->p_vaddr;
    client_code[*count].end = info->dlpi_addr + segment->p_vaddr + segment->p_memsz;
    ++*count;
  }
  return 0;
}

static int note_adds(struct dl_phdr_info* info, size_t size, void* adds) {
  (void)size;
  *(unsigned long*)adds = (unsigned long)info->dlpi_adds;
  return 1;  // the first library tells for all
}

// Plugins load their libraries late: looks again when the loader has added some. Looks seldom, for the loader has a lock.
static void find_client(void) {
  unsigned long adds = 0;
  dl_iterate_phdr(note_adds, &adds);
  if (adds == libraries_seen || atomic_flag_test_and_set(&looking)) return;
  int count = 0;
  dl_iterate_phdr(note_library, &count);
  range_count = count;
  libraries_seen = adds;
  atomic_flag_clear(&looking);
}

static int asked_by_client(const void* caller) {
  const uintptr_t at = (uintptr_t)caller;
  for (int i = 0; i < range_count; ++i)
    if (at >= client_code[i].start && at < client_code[i].end) return 1;
  return 0;
}

static void count(const void* caller) {
  const long number = atomic_fetch_add_explicit(&all, 1, memory_order_relaxed);
  if ((number & 63) == 63) find_client();
  if (!asked_by_client(caller)) atomic_fetch_add_explicit(&outside, 1, memory_order_relaxed);
}

// --- the counted functions ------------------------------------------------------------------------------------------

void* malloc(size_t size) {
  count(__builtin_return_address(0));
  return __libc_malloc(size);
}

void* calloc(size_t number, size_t size) {
  count(__builtin_return_address(0));
  return __libc_calloc(number, size);
}

void* realloc(void* old, size_t size) {
  count(__builtin_return_address(0));
  return __libc_realloc(old, size);
}

void* memalign(size_t align, size_t size) {
  count(__builtin_return_address(0));
  return __libc_memalign(align, size);
}

void* aligned_alloc(size_t align, size_t size) {
  count(__builtin_return_address(0));
  return __libc_memalign(align, size);
}

int posix_memalign(void** out, size_t align, size_t size) {
  count(__builtin_return_address(0));
  void* made = __libc_memalign(align, size);
  if (made == NULL) return ENOMEM;
  *out = made;
  return 0;
}

long weir_bench_allocations(void) { return atomic_load_explicit(&all, memory_order_relaxed); }

__attribute__((destructor)) static void tell(void) {
  const char* path = getenv("WEIR_BENCH_ALLOCATIONS");
  if (path == NULL) return;
  const long counted = all;
  const long counted_outside = outside;
  FILE* file = fopen(path, "w");
  if (file == NULL) return;
  fprintf(file, "all=%ld outside=%ld\n", counted, counted_outside);
  fclose(file);
}
