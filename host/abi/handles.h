#pragma once
#include <new>

#include "abi/call.h"
#include "json/engine.h"
#include "record/slice.h"

/// The only casts between the handles of abi.h and the host's types, and the checks every function of the table begins with.
/// Checks are cheap ones: they catch a plugin's mistakes with handles that were valid once, not pointers it made up.
namespace weir::host::abi {

// The handles are incomplete types of C: what they point at is never looked at as one.
inline Context* context_of(weir_ctx* ctx) { return reinterpret_cast<Context*>(ctx); }
inline weir_ctx* handle_of(Context& context) { return reinterpret_cast<weir_ctx*>(&context); }
inline Record* record_of(weir_record* record) { return reinterpret_cast<Record*>(record); }
inline const Record* record_of(const weir_record* record) { return reinterpret_cast<const Record*>(record); }
inline weir_record* handle_of(Record& record) { return reinterpret_cast<weir_record*>(&record); }
inline Record* const* records_of(weir_record* const* records) { return reinterpret_cast<Record* const*>(records); }
inline weir_record* const* handles_of(Record* const* records) { return reinterpret_cast<weir_record* const*>(records); }
inline const PathHandle* path_of(const weir_path* path) { return reinterpret_cast<const PathHandle*>(path); }
inline const weir_path* handle_of(const PathHandle& path) { return reinterpret_cast<const weir_path*>(&path); }
inline const json::PlanCondition* condition_of(const weir_condition* condition) {
  return reinterpret_cast<const json::PlanCondition*>(condition);
}
inline const weir_condition* handle_of(const json::PlanCondition& condition) {
  return reinterpret_cast<const weir_condition*>(&condition);
}
inline Call* call_of(weir_output* output) { return reinterpret_cast<Call*>(output); }
inline weir_output* handle_of(Call& call) { return reinterpret_cast<weir_output*>(&call); }
inline Origin* origin_of(weir_origin* origin) { return reinterpret_cast<Origin*>(origin); }
inline weir_origin* handle_of(Origin& origin) { return reinterpret_cast<weir_origin*>(&origin); }

/// A weir_doc is the address of its record plus its slot (0 or 1): records are aligned, so both come back out of it. No memory
/// is needed, and the document itself stays where the engine keeps it.
static_assert(alignof(Record) >= 2 && WEIR_KEY == 0 && WEIR_VALUE == 1);
inline weir_doc* doc_handle(Record& record, int slot) {
  return reinterpret_cast<weir_doc*>(reinterpret_cast<char*>(&record) + slot);
}
inline int slot_of(const weir_doc* doc) { return static_cast<int>(reinterpret_cast<std::uintptr_t>(doc) & 1u); }
inline Record* record_of(const weir_doc* doc) {
  auto* const address =
      const_cast<char*>(reinterpret_cast<const char*>(doc));  // the table's const is the document's, not the record's
  return reinterpret_cast<Record*>(address - slot_of(doc));
}

inline bool is_slot(int slot) { return slot == WEIR_KEY || slot == WEIR_VALUE; }
inline weir_str text_of(std::string_view text) { return {text.data() == nullptr ? "" : text.data(), text.size()}; }

/// May the current call read this record's document: it is of the call's slice, or held by its instance, or was given to a sink.
inline bool may_read(const Call* call, const Record* record) {
  if (call == nullptr || record == nullptr) return false;
  if (call->kind == CallKind::put || call->kind == CallKind::service) return true;
  return record->slice == call->slice || call->context.held.contains(const_cast<Record*>(record));
}

/// May the current call change this record.
inline bool may_change(const Call* call, const Record* record) {
  return call != nullptr && record != nullptr && call->may_write() && record->slice == call->slice &&
         record->fate == Fate::live;
}

/// Runs the body of a function of the table: memory that cannot be had becomes `otherwise`, and the call fails as a whole.
template <typename T, typename F>
T shielded(T otherwise, const F& body) noexcept {
  try {
    return body();
  } catch (...) {
    if (Call* call = current_call()) call->out_of_memory = true;
    return otherwise;
  }
}

/// Remembers why the host refused, for a fail() without a reason of its own.
inline weir_status refuse(Call& call, const Record& record, const char* reason, const json::PlanPath* at = nullptr) {
  call.refused = &record;
  call.reason = reason;
  call.at = at == nullptr ? std::string_view() : json::text_of(*at);
  return WEIR_E_DATA;
}

}  // namespace weir::host::abi
