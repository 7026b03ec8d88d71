/* Wants a host of a minor that does not exist yet. */
#include <stddef.h>
#include <weir/abi.h>

const weir_plugin weir_plugin_v0 = {sizeof(weir_plugin), 4000000000u, "the future", 0, NULL};
