#ifndef WEIR_BENCH_COUNT_ALLOCATIONS_H
#define WEIR_BENCH_COUNT_ALLOCATIONS_H

#ifdef __cplusplus
extern "C" {
#endif

/// How often the process has asked for memory so far. Any thread.
long weir_bench_allocations(void);

#ifdef __cplusplus
}
#endif

#endif
