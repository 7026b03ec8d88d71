// The table's part for sources: origins, new records, batch memory, stored positions.
#include "abi/handles.h"
#include "abi/host_table.h"

namespace weir::host::abi {
namespace {

/// The poll that `output` belongs to; null: there is none, or its source said END.
Call* poll_of(weir_output* output) {
  Call* call = current_call();
  if (call == nullptr || call_of(output) != call || call->kind != CallKind::poll || call->context.ended) return nullptr;
  return call;
}

weir_origin* origin(weir_output* output, weir_str partition, weir_str offset, uint64_t token) {
  Call* call = poll_of(output);
  if (call == nullptr || (partition.ptr != nullptr && call->context.home().positions == nullptr)) return nullptr;
  return shielded<weir_origin*>(nullptr, [&]() -> weir_origin* {
    const bool stored = partition.ptr != nullptr;
    const std::uint32_t id = stored ? call->context.partition(view(partition)) : Origin::kNoPartition;
    Origin* made = call->slice->origins()->open(id, offset, token);
    return made == nullptr ? nullptr : handle_of(*made);
  });
}

weir_record* append(weir_output* output, weir_origin* handle) {
  Call* call = poll_of(output);
  Origin* from = origin_of(handle);
  if (call == nullptr || from == nullptr || from->block != call->slice->origins().get() || !from->open) return nullptr;
  const bool full = call->context.made.size() >= call->limits.max_records || call->bytes >= call->limits.max_bytes;
  if (full) return nullptr;
  return shielded<weir_record*>(nullptr, [&] {
    Record* made = call->slice->append(*from);
    call->context.made.push_back(made);
    return handle_of(*made);
  });
}

char* buffer(weir_output* output, size_t size) {
  Call* call = poll_of(output);
  if (call == nullptr) return nullptr;
  const std::size_t limit = call->slice->home().memory->record_limit();
  // One poll may outgrow a buffer and take a larger one, but not forever.
  if (size > limit || call->buffered + size > 2 * limit) return nullptr;
  return shielded<char*>(nullptr, [&] {
    char* start = call->slice->arena().allocate(size);
    call->context.buffers.emplace_back(start, size);
    call->buffered += size;
    return start;
  });
}

bool lies_in(const std::vector<std::string_view>& buffers, std::string_view part) {
  const std::less_equal<> not_after;  // a total order, also between different arrays
  for (auto buffer = buffers.rbegin(); buffer != buffers.rend(); ++buffer) {
    if (not_after(buffer->data(), part.data()) && not_after(part.data() + part.size(), buffer->data() + buffer->size()))
      return true;
  }
  return false;
}

weir_status set_view(weir_record* handle, int32_t slot, weir_str inside_buffer) {
  Call* call = current_call();
  Record* record = record_of(handle);
  if (!is_slot(slot) || call == nullptr || call->kind != CallKind::poll || !may_change(call, record))
    return WEIR_E_USAGE;
  if (inside_buffer.ptr == nullptr || !lies_in(call->context.buffers, view(inside_buffer))) return WEIR_E_USAGE;
  call->bytes += inside_buffer.len;
  record->set_slot(slot, inside_buffer);
  return WEIR_OK;
}

/// A call on the task's thread into the source that owns `ctx`.
Call* source_call(weir_ctx* ctx) {
  Call* call = current_call();
  const bool runs = call != nullptr &&
                    (call->kind == CallKind::start || call->kind == CallKind::poll || call->kind == CallKind::stop);
  return runs && context_of(ctx) == &call->context && call->context.home().positions != nullptr ? call : nullptr;
}

weir_status stored(weir_ctx* ctx, weir_str partition, weir_str* offset) {
  Call* call = source_call(ctx);
  if (call == nullptr || partition.ptr == nullptr || offset == nullptr) return WEIR_E_USAGE;
  return shielded(WEIR_E_FATAL, [&] {
    auto found = call->context.home().positions->stored(view(partition));
    if (!found) return WEIR_NOT_FOUND;
    *offset = text_of(call->context.keep(*std::move(found)));
    return WEIR_OK;
  });
}

weir_status revoke(weir_ctx* ctx, weir_str partition, uint32_t timeout_ms) {
  Call* call = source_call(ctx);
  if (call == nullptr || partition.ptr == nullptr) return WEIR_E_USAGE;
  return shielded(WEIR_E_FATAL, [&] {
    call->context.forget_partition();
    return call->context.home().positions->revoke(view(partition), Milliseconds(timeout_ms)).code();
  });
}

}  // namespace

void add_source_slots(weir_host& table) {
  table.origin = origin;
  table.append = append;
  table.buffer = buffer;
  table.set_view = set_view;
  table.stored = stored;
  table.revoke = revoke;
}

}  // namespace weir::host::abi
