#define NAME "clang_upper"
#include "upper.inc"
