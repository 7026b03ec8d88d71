/* Compiled alone, as C and as C++: the header needs nothing before it and may come twice. */
/* clang-format off */
#include <weir/abi.h>
#include <weir/abi.h>
/* clang-format on */

/* Values are frozen: 16 and 24 bytes on the 64-bit machines Weir runs on. */
typedef char weir_str_is_16_bytes[sizeof(weir_str) == 16 ? 1 : -1];
typedef char weir_value_is_24_bytes[sizeof(weir_value) == 24 ? 1 : -1];
typedef char weir_settled_is_16_bytes[sizeof(weir_settled) == 16 ? 1 : -1];
/* Every table begins with its size, which is how each side knows what the other has. */
typedef char host_begins_with_its_size[offsetof(weir_host, struct_size) == 0 ? 1 : -1];
typedef char source_begins_with_its_size[offsetof(weir_source, struct_size) == 0 ? 1 : -1];
typedef char transform_begins_with_its_size[offsetof(weir_transform, struct_size) == 0 ? 1 : -1];
typedef char predicate_begins_with_its_size[offsetof(weir_predicate, struct_size) == 0 ? 1 : -1];
typedef char sink_begins_with_its_size[offsetof(weir_sink, struct_size) == 0 ? 1 : -1];
typedef char component_begins_with_its_size[offsetof(weir_component, struct_size) == 0 ? 1 : -1];
typedef char plugin_begins_with_its_size[offsetof(weir_plugin, struct_size) == 0 ? 1 : -1];
typedef char batch_begins_with_its_size[offsetof(weir_batch, struct_size) == 0 ? 1 : -1];
