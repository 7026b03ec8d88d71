#pragma once
#include <weir/abi.h>

namespace weir::host::abi {

// Each file fills the part of the table it implements.
void add_instance_slots(weir_host& table);
void add_config_slots(weir_host& table);
void add_document_slots(weir_host& table);
void add_record_slots(weir_host& table);
void add_fate_slots(weir_host& table);
void add_source_slots(weir_host& table);

}  // namespace weir::host::abi
