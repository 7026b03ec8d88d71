// The table's part about documents: reads and edits of the JSON of one slot.
#include "abi/handles.h"
#include "abi/host_table.h"

namespace weir::host::abi {
namespace {

enum class Right { read, write };

/// A document a call may use, or the status that says why not.
struct Access {
  weir_status status = WEIR_E_USAGE;
  Call* call = nullptr;
  Record* record = nullptr;
  json::Document* document = nullptr;
};

weir_status open(Call& call, Record& record, int slot, json::Document*& out) {
  json::Engine& engine = *call.context.home().json;
  const weir_status status = engine.open(record, slot, out);
  return status == WEIR_E_DATA ? refuse(call, record, engine.reason()) : status;
}

bool may_use(const Call& call, const weir_doc* doc, const weir_path* path, Right right) {
  const PathHandle* handle = path_of(path);
  if (handle == nullptr || handle->owner != &call.context || handle->slot != slot_of(doc)) return false;
  return right == Right::read || (handle->use & WEIR_WRITE) != 0;
}

/// Inlined into each function of the table: they are short, and called several times a record.
[[gnu::always_inline]] inline Access access(const weir_doc* doc, const weir_path* path, Right right) {
  Access access;
  access.call = current_call();
  if (doc == nullptr || access.call == nullptr) return access;
  access.record = record_of(doc);
  const bool allowed =
      right == Right::read ? may_read(access.call, access.record) : may_change(access.call, access.record);
  if (!allowed || !may_use(*access.call, doc, path, right)) return access;
  access.document = access.record->slots[slot_of(doc)].document;
  access.status =
      access.document != nullptr ? WEIR_OK : open(*access.call, *access.record, slot_of(doc), access.document);
  if (access.status == WEIR_OK && right == Right::write) access.call->touched = true;
  return access;
}

/// Does one operation of the document; what it refuses is remembered for fail().
template <typename F>
weir_status with_document(const weir_doc* doc, const weir_path* path, Right right, const F& operation) {
  return shielded(WEIR_E_FATAL, [&] {
    const Access to = access(doc, path, right);
    if (to.status != WEIR_OK) return to.status;
    const weir_status status = operation(*to.document, *path_of(path)->plan);
    if (status == WEIR_E_DATA) refuse(*to.call, *to.record, to.document->last_reason(), to.document->last_path());
    return status;
  });
}

/// A visitor of the plugin's behind one of ours: an exception must not pass through the document engine.
template <typename Callback>
struct Shield {
  Callback callback;
  void* user;

  template <typename... Args>
  std::int32_t call(Args... args) const noexcept {
    try {
      return callback(user, args...);
    } catch (...) {
      if (Call* running = current_call()) running->callback_threw = true;
      return WEIR_E_FATAL;
    }
  }
};

weir_status visit_shielded(void* shield, weir_str name, const weir_value* value) {
  return static_cast<const Shield<weir_visit>*>(shield)->call(name, value);
}

int32_t rewrite_shielded(void* shield, weir_str name, const weir_value* at, weir_value* to) {
  return static_cast<const Shield<weir_rewrite>*>(shield)->call(name, at, to);
}

weir_status doc(weir_record* handle, int32_t slot, weir_doc** out) {
  Call* call = current_call();
  Record* record = record_of(handle);
  if (out == nullptr || !is_slot(slot) || !may_read(call, record) || call->context.home().json == nullptr)
    return WEIR_E_USAGE;
  return shielded(WEIR_E_FATAL, [&] {
    json::Document* document = nullptr;
    const weir_status status = open(*call, *record, slot, document);
    if (status == WEIR_OK) *out = doc_handle(*record, slot);
    return status;
  });
}

bool wants_text(const weir_path* path) { return (path_of(path)->use & WEIR_TEXT) != 0; }

weir_status get(const weir_doc* doc, const weir_path* path, weir_value* out) {
  if (out == nullptr) return WEIR_E_USAGE;
  return with_document(doc, path, Right::read,
                       [&](json::Document& document, const json::PlanPath& at) { return document.get(at, *out); });
}

weir_status raw(const weir_doc* doc, const weir_path* path, weir_str* json) {
  if (json == nullptr) return WEIR_E_USAGE;
  return with_document(doc, path, Right::read,
                       [&](json::Document& document, const json::PlanPath& at) { return document.raw(at, *json); });
}

weir_status each(const weir_doc* doc, const weir_path* path, weir_visit visit, void* user) {
  if (visit == nullptr) return WEIR_E_USAGE;
  Shield<weir_visit> shield{visit, user};
  return with_document(doc, path, Right::read, [&](json::Document& document, const json::PlanPath& at) {
    return document.each(at, visit_shielded, &shield);
  });
}

weir_status match(const weir_doc* doc, const weir_path* path, weir_visit visit, void* user) {
  if (visit == nullptr) return WEIR_E_USAGE;
  Shield<weir_visit> shield{visit, user};
  return with_document(doc, path, Right::read, [&](json::Document& document, const json::PlanPath& at) {
    return document.match(at, visit_shielded, &shield, wants_text(path));
  });
}

bool is_scalar(const weir_value* value) {
  if (value == nullptr || value->type > WEIR_STRING) return false;
  return value->type != WEIR_STRING || value->as.s.ptr != nullptr;
}

weir_status set(weir_doc* doc, const weir_path* path, const weir_value* value) {
  if (!is_scalar(value)) return WEIR_E_USAGE;
  return with_document(doc, path, Right::write,
                       [&](json::Document& document, const json::PlanPath& at) { return document.set(at, *value); });
}

weir_status set_json(weir_doc* doc, const weir_path* path, weir_str json) {
  if (json.ptr == nullptr) return WEIR_E_USAGE;
  return with_document(doc, path, Right::write,
                       [&](json::Document& document, const json::PlanPath& at) { return document.set_json(at, json); });
}

weir_status rewrite(weir_doc* doc, const weir_path* path, weir_rewrite rewriter, void* user) {
  if (rewriter == nullptr) return WEIR_E_USAGE;
  Shield<weir_rewrite> shield{rewriter, user};
  return with_document(doc, path, Right::write, [&](json::Document& document, const json::PlanPath& at) {
    return document.rewrite(at, rewrite_shielded, &shield, wants_text(path));
  });
}

weir_status move(weir_doc* doc, const weir_path* from, const weir_path* to) {
  const Call* call = current_call();
  if (call == nullptr || doc == nullptr || !may_use(*call, doc, to, Right::write)) return WEIR_E_USAGE;
  return with_document(doc, from, Right::write, [&](json::Document& document, const json::PlanPath& at) {
    return document.move(at, *path_of(to)->plan);
  });
}

weir_status remove(weir_doc* doc, const weir_path* path) {
  return with_document(doc, path, Right::write,
                       [&](json::Document& document, const json::PlanPath& at) { return document.remove(at); });
}

weir_status matches(const weir_condition* condition, weir_record* handle) {
  Call* call = current_call();
  Record* record = record_of(handle);
  if (condition == nullptr || !may_read(call, record) || call->context.home().json == nullptr) return WEIR_E_USAGE;
  return shielded(WEIR_E_FATAL, [&] {
    json::Engine& engine = *call->context.home().json;
    const weir_status status = engine.matches(*condition_of(condition), *record);
    return status == WEIR_E_DATA ? refuse(*call, *record, engine.reason(), engine.reason_path()) : status;
  });
}

}  // namespace

void add_document_slots(weir_host& table) {
  table.doc = doc;
  table.get = get;
  table.raw = raw;
  table.each = each;
  table.match = match;
  table.set = set;
  table.set_json = set_json;
  table.rewrite = rewrite;
  table.move = move;
  table.remove = remove;
  table.matches = matches;
}

}  // namespace weir::host::abi
