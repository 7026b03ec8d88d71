/* A shared library that is no plugin. That its constructor never runs is the point: it would end the process. */
#include <stdlib.h>

__attribute__((constructor)) static void end_the_process(void) { abort(); }
__attribute__((visibility("default"))) int answer(void) { return 42; }
