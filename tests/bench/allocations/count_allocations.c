// Counts the calls that ask for memory, of a whole process: preloaded (LD_PRELOAD) into one, or linked into a program.
//
// Two counts: all, and those from outside the Kafka client, which is told by the caller's address: librdkafka and the
// compressors only it uses ask by themselves. Preloaded, it writes both counts to the file $WEIR_BENCH_ALLOCATIONS at the
// process's end, as "all=N outside=N", and then a line "N PATH" for each file whose code asked (no path: the program). Any
// thread. glibc only.
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

// --- whose code asks ------------------------------------------------------------------------------------------------

// A loaded file's code. Entries are added as the loader adds files, and never change or move.
enum { kLibraries = 128, kPath = 256 };
typedef struct {
  uintptr_t start;
  uintptr_t end;
  int is_client;
  char path[kPath];  // of a file that was loaded from nowhere, such as a memfd: empty
  atomic_long asked;
} library;
static library libraries[kLibraries];
static atomic_int library_count;
static atomic_flag looking = ATOMIC_FLAG_INIT;
static atomic_ulong adds_seen;

static int is_client(const char* path) {
  static const char* const kNames[] = {"/librdkafka.so", "/liblz4.so", "/libzstd.so", "/libz.so"};
  for (size_t i = 0; i < sizeof kNames / sizeof *kNames; ++i)
    if (strstr(path, kNames[i]) != NULL) return 1;
  return 0;
}

static library* library_of(uintptr_t at) {
  const int count = library_count;
  for (int i = 0; i < count; ++i)
    if (at >= libraries[i].start && at < libraries[i].end) return &libraries[i];
  return NULL;
}

static int note_library(struct dl_phdr_info* info, size_t size, void* unused) {
  (void)size;
  (void)unused;
  for (int i = 0; i < info->dlpi_phnum && library_count < kLibraries; ++i) {
    const ElfW(Phdr)* segment = &info->dlpi_phdr[i];
    const uintptr_t start = info->dlpi_addr + segment->p_vaddr;
    if (segment->p_type != PT_LOAD || (segment->p_flags & PF_X) == 0 || library_of(start) != NULL) continue;
    library* made = &libraries[library_count];
    made->start = start;
    made->end = start + segment->p_memsz;
    made->is_client = is_client(info->dlpi_name);
    snprintf(made->path, kPath, "%s", info->dlpi_name);
    ++library_count;
  }
  return 0;
}

static int note_adds(struct dl_phdr_info* info, size_t size, void* adds) {
  (void)size;
  *(unsigned long*)adds = (unsigned long)info->dlpi_adds;
  return 1;  // the first file tells for all
}

// Plugins load their libraries late: looks again when the loader has added some. Looks seldom, for the loader has a lock.
static void find_libraries(void) {
  unsigned long adds = 0;
  dl_iterate_phdr(note_adds, &adds);
  if (adds == adds_seen || atomic_flag_test_and_set(&looking)) return;
  dl_iterate_phdr(note_library, NULL);
  adds_seen = adds;
  atomic_flag_clear(&looking);
}

static void count(const void* caller) {
  const long number = atomic_fetch_add_explicit(&all, 1, memory_order_relaxed);
  if ((number & 63) == 63) find_libraries();
  library* asking = library_of((uintptr_t)caller);
  if (asking != NULL) atomic_fetch_add_explicit(&asking->asked, 1, memory_order_relaxed);
  if (asking == NULL || !asking->is_client) atomic_fetch_add_explicit(&outside, 1, memory_order_relaxed);
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

// These two, so that the caller is not libc.
static char* copy_of(const char* text, size_t size) {
  char* made = __libc_malloc(size + 1);
  if (made == NULL) return NULL;
  memcpy(made, text, size);
  made[size] = '\0';
  return made;
}

char* strdup(const char* text) {
  count(__builtin_return_address(0));
  return copy_of(text, strlen(text));
}

char* strndup(const char* text, size_t most) {
  count(__builtin_return_address(0));
  return copy_of(text, strnlen(text, most));
}

// operator new(size_t): so that the caller is not libstdc++ for everything. It may not fail here.
void* _Znwm(size_t size) {
  count(__builtin_return_address(0));
  void* made = __libc_malloc(size);
  if (made == NULL) abort();
  return made;
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
  for (int i = 0; i < library_count; ++i)
    if (libraries[i].asked > 0) fprintf(file, "%ld %s\n", libraries[i].asked, libraries[i].path);
  fclose(file);
}
