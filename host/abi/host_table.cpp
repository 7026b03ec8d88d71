#include "abi/host_table.h"

#include "abi/instance.h"

namespace weir::host::abi {
namespace {

weir_host make_table() {
  weir_host table{};
  table.struct_size = sizeof(weir_host);
  table.minor = WEIR_ABI_MINOR;
  table.version = WEIR_VERSION;
  add_instance_slots(table);
  add_config_slots(table);
  add_document_slots(table);
  add_record_slots(table);
  add_fate_slots(table);
  add_source_slots(table);
  return table;
}

}  // namespace

const weir_host& host_table() {
  static const weir_host table = make_table();
  return table;
}

}  // namespace weir::host::abi
