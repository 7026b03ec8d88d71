/* Speaks another major of the ABI: another symbol. */
#include <stddef.h>
#include <weir/abi.h>

extern WEIR_EXPORT const weir_plugin weir_plugin_v1;
const weir_plugin weir_plugin_v1 = {sizeof(weir_plugin), 0, "the future", 0, NULL};
