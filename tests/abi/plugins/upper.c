#define NAME "upper"
#include "upper.inc"
