// The table's part about what becomes of records: dropped, failed, cloned, held, merged, acknowledged.
#include <algorithm>

#include "abi/handles.h"
#include "abi/host_table.h"

namespace weir::host::abi {
namespace {

void settle_both(Call& call, Record& record) {
  if (call.context.home().json == nullptr) return;
  for (int slot : {WEIR_KEY, WEIR_VALUE}) {
    if (record.slots[slot].document != nullptr) call.context.home().json->settle_bytes(record, slot);
  }
}

/// A record that a transform's call may decide about; null: none.
Record* decidable(weir_record* handle) {
  Call* call = current_call();
  Record* record = record_of(handle);
  return may_change(call, record) && call->transforms() ? record : nullptr;
}

void drop(weir_record* handle) {
  Record* record = decidable(handle);
  if (record == nullptr) return;
  current_call()->touched = true;
  record->fate = Fate::filtered;
}

/// A clone made in the same call is as half done as its record: it fails with it.
void fail_with_clones(Call& call, Record& record, const Failure& failure) {
  call.touched = true;
  record.fail(failure.status, failure.reason, failure.at);
  for (Record* made : call.context.made) {  // parents come first
    const bool orphan = made->parent != nullptr && made->parent->fate == Fate::failed;
    if (orphan && made->fate == Fate::live) made->fail(failure.status, failure.reason, failure.at);
  }
}

/// A sink's refusal: the acknowledgement, and for the task where it was. A dead letter keeps what made it one.
void refuse_in_put(Record& record, const Failure& failure) {
  if (record.fate == Fate::live) record.failure = record.slice->arena().make<Failure>(failure);
  Record* const refused = &record;
  if (Acks* const acks = record.slice->home().acks) acks->ack({&refused, 1}, WEIR_E_DATA, failure.reason);
}

void fail(weir_record* handle, weir_status status, const char* reason, const weir_path* at) {
  Call* call = current_call();
  Record* record = record_of(handle);
  const bool judges =
      call != nullptr && call->kind == CallKind::test && record != nullptr && record->slice == call->slice;
  const bool refuses = call != nullptr && call->kind == CallKind::put && record != nullptr;
  if (!judges && !refuses && !may_change(call, record)) return;
  shielded(0, [&] {
    const bool own = reason != nullptr && *reason != '\0';
    const bool known = call->refused == record;  // the host said E_DATA about it
    const char* why = own ? reason : known ? call->reason : "the plugin gave no reason";
    const PathHandle* path = path_of(at);
    const bool ours = path != nullptr && path->owner == &call->context;
    const std::string_view where = ours    ? std::string_view(path->absolute.text())
                                   : known ? call->at
                                           : std::string_view();
    const Failure failure{status < 0 ? status : WEIR_E_DATA, why, where, false, {}};
    refuses ? refuse_in_put(*record, failure) : fail_with_clones(*call, *record, failure);
    return 0;
  });
}

weir_record* clone(weir_record* handle) {
  Record* record = decidable(handle);
  if (record == nullptr) return nullptr;
  return shielded<weir_record*>(nullptr, [&] {
    Call& call = *current_call();
    call.touched = true;
    settle_both(call, *record);
    Record* made = record->slice->clone(*record);
    call.context.made.push_back(made);
    return handle_of(*made);
  });
}

weir_status hold(weir_record* handle) {
  Record* record = decidable(handle);
  if (record == nullptr || !current_call()->context.can(WEIR_HOLDS)) return WEIR_E_USAGE;
  return shielded(WEIR_E_FATAL, [&] {
    Call& call = *current_call();
    call.touched = true;
    settle_both(call, *record);
    call.context.held.insert(record);
    record->fate = Fate::held;
    return WEIR_OK;
  });
}

/// Held by this instance, or live in this call, and no record twice.
bool may_merge(Call& call, std::span<Record* const> from) {
  for (const Record* record : from) {
    if (!may_change(&call, record) && !call.context.held.contains(const_cast<Record*>(record))) return false;
  }
  auto& sorted = call.context.sorted;
  sorted.assign(from.begin(), from.end());
  std::sort(sorted.begin(), sorted.end());
  return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
}

weir_record* emit(weir_output* output, weir_record* const* handles, uint32_t count) {
  Call* call = current_call();
  if (call == nullptr || call_of(output) != call || !call->transforms() || (handles == nullptr && count > 0))
    return nullptr;
  return shielded<weir_record*>(nullptr, [&]() -> weir_record* {
    const std::span<Record* const> from(records_of(handles), count);
    if (!may_merge(*call, from)) return nullptr;
    call->touched = true;
    if (!from.empty()) settle_both(*call, *from.front());
    // Out of nothing, but in answer to a batch: it settles with the batch's first record, so that a restart makes it again.
    Origin* with = call->count > 0 ? call->records[0]->origin : nullptr;
    Record* made = call->slice->merge(from, with);
    for (Record* record : from) call->context.held.erase(record);
    call->context.made.push_back(made);
    return handle_of(*made);
  });
}

bool is_answer(weir_status status) {
  return status == WEIR_OK || status == WEIR_E_DATA || status == WEIR_E_RETRY || status == WEIR_E_FATAL;
}

void ack(weir_record* const* handles, uint32_t count, weir_status status, const char* reason) {
  if (handles == nullptr) return;
  const weir_status answer = is_answer(status) ? status : WEIR_E_FATAL;
  const char* why = answer != status    ? "the sink acknowledged with a status that is none"
                    : reason == nullptr ? ""
                                        : reason;
  const std::span<Record* const> records(records_of(handles), count);
  for (std::size_t start = 0; start < records.size();) {
    if (records[start] == nullptr) {
      ++start;
      continue;
    }
    Acks* to = records[start]->slice->home().acks;
    std::size_t end = start + 1;
    for (; end < records.size() && records[end] != nullptr && records[end]->slice->home().acks == to; ++end) {
      const std::size_t ahead = end + Record::kAhead;
      if (ahead < records.size() && records[ahead] != nullptr) records[ahead]->prefetch();
    }
    if (to != nullptr) to->ack(records.subspan(start, end - start), answer, why);
    start = end;
  }
}

}  // namespace

void add_fate_slots(weir_host& table) {
  table.drop = drop;
  table.fail = fail;
  table.clone = clone;
  table.hold = hold;
  table.emit = emit;
  table.ack = ack;
}

}  // namespace weir::host::abi
