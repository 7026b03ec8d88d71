#pragma once
#include "weir/testing/documents.hpp"

/// The weir_host that unit tests give a plugin: every slot, over FakeHost. What breaks the contract of abi.h is E_USAGE here too.
namespace weir::testing::detail {

inline std::string_view view(weir_str text) { return {text.ptr == nullptr ? "" : text.ptr, text.len}; }

// --- instance and configuration ---

inline std::int32_t log_level(weir_ctx*) { return WEIR_LOG_TRACE; }
inline void log(weir_ctx* ctx, std::int32_t level, weir_str text) {
  const std::lock_guard lock(host_of(ctx).mutex);
  host_of(ctx).logs.push_back({level, std::string(view(text))});
}
inline void alarm(weir_ctx* ctx, const char* name, weir_str text) {
  const std::lock_guard lock(host_of(ctx).mutex);
  host_of(ctx).logs.push_back({WEIR_LOG_ERROR, std::string("alarm=") + name + ' ' + std::string(view(text))});
}
inline void set_error(weir_ctx* ctx, weir_str pointer, weir_str text) {
  const std::lock_guard lock(host_of(ctx).mutex);
  host_of(ctx).error_pointer = view(pointer);
  host_of(ctx).error_text = view(text);
}
inline const void* extension(weir_ctx* ctx, const char* id) {
  const std::string_view name(id);
  if (name == "weir.topics/1") return &host_of(ctx).topics;
  return name == "weir.pipeline/1" ? &host_of(ctx).pipeline : nullptr;
}
inline std::int64_t now_ms(weir_ctx* ctx) { return host_of(ctx).setup.now_ms; }
inline std::uint32_t task(weir_ctx* ctx, std::uint32_t* count) {
  *count = host_of(ctx).setup.task_count;
  return host_of(ctx).setup.task;
}
inline std::uint64_t memory(weir_ctx* ctx) { return host_of(ctx).setup.memory; }
inline std::uint32_t role(weir_ctx* ctx) { return host_of(ctx).setup.dead_letter ? 1 : 0; }

inline weir_status config(weir_ctx* ctx, weir_str pointer, weir_value* out) {
  const Setting* setting = host_of(ctx).settings.at(view(pointer));
  if (setting == nullptr) return WEIR_NOT_FOUND;
  *out = setting->value();
  return WEIR_OK;
}
inline weir_status config_each(weir_ctx* ctx, weir_str pointer, weir_visit visit, void* user) {
  const Setting* setting = host_of(ctx).settings.at(view(pointer));
  if (setting == nullptr) return WEIR_NOT_FOUND;
  if (setting->scalar.type != WEIR_ARRAY && setting->scalar.type != WEIR_OBJECT) return WEIR_E_USAGE;
  for (const Setting& child : setting->children) {
    const bool named = setting->scalar.type == WEIR_OBJECT;
    const weir_value value = child.value();
    const weir_str name = named ? weir_str{child.name.data(), child.name.size()} : weir_str{nullptr, 0};
    if (const weir_status status = visit(user, name, &value); status != WEIR_OK) return status;
  }
  return WEIR_OK;
}
inline weir_status config_json(weir_ctx* ctx, weir_str pointer, weir_str* json) {
  const Setting* setting = host_of(ctx).settings.at(view(pointer));
  if (setting == nullptr) return WEIR_NOT_FOUND;
  *json = {setting->json.data(), setting->json.size()};
  return WEIR_OK;
}

inline const weir_path* compile(weir_ctx* ctx, std::int32_t slot, weir_str text, std::uint32_t use,
                                const weir_path* base) {
  FakeHost& host = host_of(ctx);
  auto path = parse_path(view(text));
  if (!host.in_create || !path || (base != nullptr && path_of(base)->slot != slot)) return nullptr;
  host.paths.push_back({*std::move(path), slot, use, path_of(base)});
  return reinterpret_cast<const weir_path*>(&host.paths.back());
}
inline const weir_condition* condition(weir_ctx* ctx, weir_str pointer) {
  const FakeHost& host = host_of(ctx);
  return host.in_create ? reinterpret_cast<const weir_condition*>(host.settings.at(view(pointer))) : nullptr;
}
inline weir_status record_matches(const weir_condition* condition, weir_record* handle) {
  FakeRecord& record = record_of(handle);
  if (record.slots[WEIR_VALUE] == nullptr) return WEIR_NOT_FOUND;
  try {
    return matches(*reinterpret_cast<const Setting*>(condition), *record.slots[WEIR_VALUE]) ? WEIR_OK : WEIR_NOT_FOUND;
  } catch (const BadDocument& bad) {
    return record.host->refuse(record, bad.reason);
  }
}

inline void add_instance_slots(weir_host& table) {
  table.log_level = log_level;
  table.log = log;
  table.alarm = alarm;
  table.set_error = set_error;
  table.extension = extension;
  table.now_ms = now_ms;
  table.task = task;
  table.memory = memory;
  table.role = role;
  table.config = config;
  table.config_each = config_each;
  table.config_json = config_json;
  table.compile = compile;
  table.condition = condition;
  table.matches = record_matches;
}

// --- records ---

inline bool is_slot(std::int32_t slot) { return slot == WEIR_KEY || slot == WEIR_VALUE; }

inline weir_str bytes(weir_record* record, std::int32_t slot) {
  return is_slot(slot) ? to_c(record_of(record).slots[slot]) : weir_str{nullptr, 0};
}
inline weir_status set_bytes(weir_record* handle, std::int32_t slot, weir_str bytes) {
  FakeRecord& record = record_of(handle);
  if (!is_slot(slot) || record.fate != Fate::live) return WEIR_E_USAGE;
  record.host->write(record, slot, text_of(bytes));
  return WEIR_OK;
}
inline weir_str topic(const weir_record* record) { return to_c(record_of(record).topic); }
inline std::int32_t partition(const weir_record* record) { return record_of(record).partition; }
inline std::int64_t timestamp_ms(const weir_record* record) { return record_of(record).timestamp_ms; }
inline weir_status set_topic(weir_record* record, weir_str topic) {
  record_of(record).host->kept.push_back(std::exchange(record_of(record).topic, text_of(topic)));
  return WEIR_OK;
}
inline weir_status set_partition(weir_record* record, std::int32_t partition) {
  if (partition < -1) return WEIR_E_USAGE;
  record_of(record).partition = partition;
  return WEIR_OK;
}
inline weir_status set_timestamp_ms(weir_record* record, std::int64_t timestamp) {
  if (timestamp < -1) return WEIR_E_USAGE;
  record_of(record).timestamp_ms = timestamp;
  return WEIR_OK;
}
inline std::uint32_t header_count(const weir_record* record) {
  return static_cast<std::uint32_t>(record_of(record).headers.size());
}
inline weir_status header_at(const weir_record* record, std::uint32_t index, weir_str* name, weir_str* value) {
  const auto& headers = record_of(record).headers;
  if (index >= headers.size()) return WEIR_NOT_FOUND;
  *name = to_c(headers[index].first);
  *value = to_c(headers[index].second);
  return WEIR_OK;
}
inline bool is_hosts_own(weir_str name) { return name.ptr == nullptr || view(name).starts_with("__weir."); }
inline weir_status header_add(weir_record* record, weir_str name, weir_str value) {
  if (is_hosts_own(name)) return WEIR_E_USAGE;
  record_of(record).headers.emplace_back(text_of(name), text_of(value));
  return WEIR_OK;
}
inline std::uint32_t header_remove(weir_record* handle, weir_str name) {
  FakeRecord& record = record_of(handle);
  if (is_hosts_own(name)) return 0;
  return static_cast<std::uint32_t>(std::erase_if(record.headers, [&](const auto& header) {
    if (*header.first != view(name)) return false;
    record.host->kept.push_back(header.first);  // views of them stay
    record.host->kept.push_back(header.second);
    return true;
  }));
}

inline void drop(weir_record* record) {
  if (record_of(record).fate == Fate::live) record_of(record).fate = Fate::dropped;
}
inline void fail(weir_record* record, weir_status, const char* reason, const weir_path* at) {
  record_of(record).host->fail(record_of(record), reason, path_of(at));
}
inline weir_record* clone(weir_record* handle) {
  FakeRecord& record = record_of(handle);
  if (record.fate != Fate::live) return nullptr;
  FakeRecord& copy = record.host->add_copy(record);
  record.clones.push_back(&copy);
  return handle_of(copy);
}
inline weir_status hold(weir_record* handle) {
  FakeRecord& record = record_of(handle);
  if ((record.host->capabilities & WEIR_HOLDS) == 0 || record.fate != Fate::live) return WEIR_E_USAGE;
  record.fate = Fate::held;
  return WEIR_OK;
}
inline weir_record* emit(weir_output* output, weir_record* const* from, std::uint32_t count) {
  FakeHost& host = host_of(output);
  std::set<const weir_record*> once(from, from + count);
  if (once.size() != count) return nullptr;
  for (const weir_record* record : once) {
    if (record_of(record).fate != Fate::held && record_of(record).fate != Fate::live) return nullptr;
  }
  FakeRecord& made = count > 0 ? host.add_copy(record_of(from[0])) : host.add({});
  for (std::uint32_t i = 0; i < count; ++i) record_of(from[i]).fate = Fate::merged;
  host.emitted.push_back(&made);
  return handle_of(made);
}

inline void add_record_slots(weir_host& table) {
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
  table.drop = drop;
  table.fail = fail;
  table.clone = clone;
  table.hold = hold;
  table.emit = emit;
}

// --- sources and sinks ---

inline weir_origin* origin(weir_output* output, weir_str partition, weir_str offset, std::uint64_t token) {
  FakeHost& host = host_of(output);
  std::optional<std::string> name;
  if (partition.ptr != nullptr) name = view(partition);
  host.origins.push_back({name, std::string(view(offset)), token});
  return reinterpret_cast<weir_origin*>(&host.origins.back());
}
inline weir_record* append(weir_output* output, weir_origin* from) {
  FakeHost& host = host_of(output);
  if (from == nullptr || host.appended == host.max_records) return nullptr;
  ++host.appended;
  FakeRecord& made = host.add({});
  made.position = *reinterpret_cast<const Position*>(from);
  return handle_of(made);
}
inline char* buffer(weir_output* output, std::size_t size) {
  FakeHost& host = host_of(output);
  if (size > host.setup.memory / 4) return nullptr;
  host.buffers.emplace_back(size, '\0');
  return host.buffers.back().data();
}
inline weir_status set_view(weir_record* handle, std::int32_t slot, weir_str inside) {
  FakeRecord& record = record_of(handle);
  if (!is_slot(slot) || inside.ptr == nullptr) return WEIR_E_USAGE;
  const std::less_equal<> not_after;
  const bool lies_in_one =
      std::any_of(record.host->buffers.begin(), record.host->buffers.end(), [&](const std::string& buffer) {
        return not_after(buffer.data(), inside.ptr) &&
               not_after(inside.ptr + inside.len, buffer.data() + buffer.size());
      });
  if (!lies_in_one) return WEIR_E_USAGE;
  record.slots[slot] = text_of(inside);
  return WEIR_OK;
}
inline weir_status stored(weir_ctx* ctx, weir_str partition, weir_str* offset) {
  const auto& positions = host_of(ctx).setup.positions;
  const auto found = positions.find(std::string(view(partition)));
  if (found == positions.end()) return WEIR_NOT_FOUND;
  *offset = {found->second.data(), found->second.size()};
  return WEIR_OK;
}
inline weir_status revoke(weir_ctx* ctx, weir_str partition, std::uint32_t) {
  host_of(ctx).setup.positions.erase(std::string(view(partition)));
  return WEIR_OK;
}

inline void ack(weir_record* const* records, std::uint32_t count, weir_status status, const char* reason) {
  for (std::uint32_t i = 0; i < count; ++i) {
    const FakeRecord& record = record_of(records[i]);
    const std::lock_guard lock(record.host->mutex);
    record.host->acks.push_back({record.number, status, reason == nullptr ? "" : reason});
  }
}

inline void add_connector_slots(weir_host& table) {
  table.origin = origin;
  table.append = append;
  table.buffer = buffer;
  table.set_view = set_view;
  table.stored = stored;
  table.revoke = revoke;
  table.ack = ack;
}

inline const weir_host& host_table() {
  static const weir_host table = [] {
    weir_host all{};
    all.struct_size = sizeof(weir_host);
    all.minor = WEIR_ABI_MINOR;
    all.version = "test";
    add_instance_slots(all);
    add_document_slots(all);
    add_record_slots(all);
    add_connector_slots(all);
    return all;
  }();
  return table;
}

}  // namespace weir::testing::detail
