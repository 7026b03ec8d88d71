/* Wants a host of a minor that does not exist yet. */
#include <weir/abi.h>
#include <stddef.h>

const weir_plugin weir_plugin_v0 = {sizeof(weir_plugin), 4000000000u, "the future", 0, NULL};
