// The table's part about a record's slots and envelope.
#include "abi/handles.h"
#include "abi/host_table.h"

namespace weir::host::abi {
namespace {

constexpr std::string_view kHostPrefix = "__weir.";  // header names of the host's own

/// Edits become bytes only where edits may be: a sink's records were settled before it got them, and it may read them on any thread.
bool may_settle(const Record& record) {
  const Call* call = current_call();
  return call != nullptr && call->slice != nullptr && may_read(call, &record) && call->context.home().json != nullptr;
}

weir_str bytes(weir_record* handle, int32_t slot) {
  Record* record = record_of(handle);
  if (record == nullptr || !is_slot(slot)) return kNullBytes;
  return shielded(kNullBytes, [&] {
    if (record->slots[slot].document != nullptr && may_settle(*record)) {
      current_call()->context.home().json->settle_bytes(*record, slot);
    }
    return record->slots[slot].bytes;
  });
}

weir_status set_bytes(weir_record* handle, int32_t slot, weir_str bytes) {
  Call* call = current_call();
  Record* record = record_of(handle);
  if (!is_slot(slot) || !may_change(call, record)) return WEIR_E_USAGE;
  return shielded(WEIR_E_FATAL, [&] {
    if (bytes.len > record->slice->home().memory->record_limit()) {
      return refuse(*call, *record, "a record takes at most a quarter of the pipeline's memory");
    }
    call->touched = true;
    call->bytes += bytes.len;
    record->set_slot(slot, bytes.ptr == nullptr ? kNullBytes : record->slice->arena().copy(view(bytes)));
    return WEIR_OK;
  });
}

weir_str topic(const weir_record* record) { return record == nullptr ? kNullBytes : record_of(record)->topic; }

int32_t partition(const weir_record* record) { return record == nullptr ? -1 : record_of(record)->partition; }

int64_t timestamp_ms(const weir_record* record) { return record == nullptr ? -1 : record_of(record)->timestamp_ms; }

/// The record a call may change; null: it may not.
Record* changeable(weir_record* handle) {
  Call* call = current_call();
  Record* record = record_of(handle);
  if (!may_change(call, record)) return nullptr;
  call->touched = true;
  return record;
}

weir_status set_topic(weir_record* handle, weir_str name) {
  Record* record = changeable(handle);
  if (record == nullptr) return WEIR_E_USAGE;
  return shielded(WEIR_E_FATAL, [&] {
    record->topic = name.ptr == nullptr ? kNullBytes : record->slice->arena().copy(view(name));
    return WEIR_OK;
  });
}

weir_status set_partition(weir_record* handle, int32_t number) {
  Record* record = number < -1 ? nullptr : changeable(handle);
  if (record == nullptr) return WEIR_E_USAGE;
  record->partition = number;
  return WEIR_OK;
}

weir_status set_timestamp_ms(weir_record* handle, int64_t time) {
  Record* record = time < -1 ? nullptr : changeable(handle);
  if (record == nullptr) return WEIR_E_USAGE;
  record->timestamp_ms = time;
  return WEIR_OK;
}

uint32_t header_count(const weir_record* record) { return record == nullptr ? 0 : record_of(record)->headers.count; }

weir_status header_at(const weir_record* record, uint32_t index, weir_str* name, weir_str* value) {
  if (record == nullptr || name == nullptr || value == nullptr) return WEIR_E_USAGE;
  const Headers& headers = record_of(record)->headers;
  if (index >= headers.count) return WEIR_NOT_FOUND;
  *name = headers.first[index].name;
  *value = headers.first[index].value;
  return WEIR_OK;
}

bool is_free_name(weir_str name) { return name.ptr != nullptr && !view(name).starts_with(kHostPrefix); }

weir_status header_add(weir_record* handle, weir_str name, weir_str value) {
  Record* record = is_free_name(name) ? changeable(handle) : nullptr;
  if (record == nullptr) return WEIR_E_USAGE;
  return shielded(WEIR_E_FATAL, [&] {
    current_call()->bytes += name.len + value.len;
    record->add_header(view(name), value);
    return WEIR_OK;
  });
}

uint32_t header_remove(weir_record* handle, weir_str name) {
  Record* record = is_free_name(name) ? changeable(handle) : nullptr;
  return record == nullptr ? 0 : shielded<uint32_t>(0, [&] { return record->remove_header(view(name)); });
}

}  // namespace

void add_record_slots(weir_host& table) {
  table.bytes = bytes;
  table.set_bytes = set_bytes;
  table.topic = topic;
  table.partition = partition;
  table.timestamp_ms = timestamp_ms;
  table.set_topic = set_topic;
  table.set_partition = set_partition;
  table.set_timestamp_ms = set_timestamp_ms;
  table.header_count = header_count;
  table.header_at = header_at;
  table.header_add = header_add;
  table.header_remove = header_remove;
}

}  // namespace weir::host::abi
