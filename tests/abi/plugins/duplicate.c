/* A second library that claims the component of upper.c. */
#define NAME "upper"
#include "upper.inc"
