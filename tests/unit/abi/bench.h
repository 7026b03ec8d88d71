#pragma once
#include <functional>
#include <map>

#include "abi/instance.h"
#include "json/engine.h"
#include "record/slice.h"

/// A task's surroundings and plugins made of functions, for tests of the boundary without libraries.
namespace weir::host::abi {

inline weir_str str(std::string_view text) { return {text.data(), text.size()}; }

/// Bodies of a plugin's functions; a test fills those it needs.
struct Hooks {
  std::function<weir_status(weir_ctx*, const weir_host*)> create;
  std::function<weir_status()> start;
  std::function<weir_status(const weir_batch*, weir_output*)> apply;
  std::function<weir_status(weir_output*)> emit;  // tick and flush of a transform
  std::function<weir_status(weir_output*)> poll;
  std::function<weir_status(const weir_batch*, std::uint8_t*)> test;
  std::function<weir_status(const weir_batch*, std::uint32_t*)> put;
  std::function<weir_status()> wait;  // service and flush of a sink
  std::function<void()> destroy;
  weir_ctx* ctx = nullptr;
  const weir_host* host = nullptr;
};

namespace hooked {

inline Hooks* making = nullptr;  // what the next create belongs to

inline Hooks& of(void* self) { return *static_cast<Hooks*>(self); }
inline weir_status create(weir_ctx* ctx, const weir_host* host, void** self) {
  Hooks& hooks = *making;
  hooks.ctx = ctx;
  hooks.host = host;
  *self = &hooks;
  return hooks.create ? hooks.create(ctx, host) : WEIR_OK;
}
inline void destroy(void* self) {
  if (of(self).destroy) of(self).destroy();
}
inline weir_status start(void* self) { return of(self).start ? of(self).start() : WEIR_OK; }
inline weir_status apply(void* self, const weir_batch* batch, weir_output* output) {
  return of(self).apply(batch, output);
}
inline weir_status tick(void* self, weir_output* output, std::int64_t, std::int64_t*) { return of(self).emit(output); }
inline weir_status flush(void* self, weir_output* output) { return of(self).emit(output); }
inline weir_status poll(void* self, weir_output* output, std::uint32_t, std::size_t, std::uint32_t) {
  return of(self).poll(output);
}
inline weir_status test(void* self, const weir_batch* batch, std::uint8_t* matches) {
  return of(self).test(batch, matches);
}
inline weir_status put(void* self, const weir_batch* batch, std::uint32_t* taken) { return of(self).put(batch, taken); }
inline weir_status wait(void* self, std::uint32_t) { return of(self).wait(); }
inline void nothing(void*) {}

}  // namespace hooked

/// Keeps acknowledgements as they come.
class KeptAcks final : public Acks {
 public:
  struct Ack {
    Record* record;
    weir_status status;
    std::string reason;
  };
  void ack(std::span<Record* const> records, weir_status status, const char* reason) noexcept override {
    ++calls;
    for (Record* record : records) all.push_back({record, status, reason});
  }
  std::vector<Ack> all;
  int calls = 0;
};

class KeptPositions final : public Positions {
 public:
  std::uint32_t partition(std::string_view name) override {
    ++lookups;
    return ids.emplace(std::string(name), static_cast<std::uint32_t>(ids.size())).first->second;
  }
  std::optional<std::string> stored(std::string_view partition) const override {
    const auto found = offsets.find(std::string(partition));
    return found == offsets.end() ? std::nullopt : std::optional(found->second);
  }
  Status revoke(std::string_view partition, Milliseconds) override {
    revoked.emplace_back(partition);
    return {};
  }
  std::map<std::string, std::uint32_t> ids;
  std::map<std::string, std::string> offsets;
  std::vector<std::string> revoked;
  int lookups = 0;
};

inline spec::Value text_value(std::string text) {
  spec::Value value;
  value.type = WEIR_STRING;
  value.text = std::move(text);
  return value;
}

inline spec::Value object_value(std::vector<spec::Value::Member> members) {
  spec::Value value;
  value.type = WEIR_OBJECT;
  value.members = std::move(members);
  return value;
}

struct Bench {
  std::vector<std::string> topics;  // of sinks: InstanceHome::topics
  MemoryMeter memory{1u << 20};
  KeptAcks acks;
  KeptPositions positions;
  json::Engine json;
  SliceHome home{&memory, &acks, &json};
  Slice slice{home};
  spec::Value fields = object_value({});
  bool privacy = false;
  Hooks hooks;

  [[nodiscard]] InstanceHome instance_home() {
    InstanceHome made;
    made.pipeline = "orders";
    made.outputs = {"/out", "/dead"};
    made.fields = &fields;
    made.json = &json;
    made.positions = &positions;
    made.task = 2;
    made.task_count = 3;
    made.memory = memory.limit();
    made.topics = topics;
    made.privacy = privacy;
    made.now_ms = [] { return std::int64_t{1234}; };
    return made;
  }

  template <typename Table>
  static weir_component component(std::uint32_t kind, const Table& table) {
    return {sizeof(weir_component), kind, "hooked", "1.0.0", "", "", sizeof(weir_field), 0, nullptr, &table};
  }

  [[nodiscard]] Created<Transform> transform(std::uint32_t capabilities = 0) { return transform(hooks, capabilities); }
  [[nodiscard]] Created<Transform> transform(Hooks& of, std::uint32_t capabilities = 0) {
    hooked::making = &of;
    const weir_transform table{sizeof(weir_transform), capabilities, hooked::create, hooked::destroy, hooked::start,
                               hooked::apply,          hooked::tick, hooked::flush,  hooked::nothing, nullptr};
    return make_transform(component(WEIR_TRANSFORM, table), instance_home());
  }
  [[nodiscard]] Created<Predicate> predicate() {
    hooked::making = &hooks;
    const weir_predicate table{sizeof(weir_predicate), 0, hooked::create, hooked::destroy, hooked::test};
    return make_predicate(component(WEIR_PREDICATE, table), instance_home());
  }
  [[nodiscard]] Created<Source> source() {
    hooked::making = &hooks;
    const weir_source table{sizeof(weir_source), 0,       hooked::create,  hooked::destroy, hooked::start,
                            hooked::poll,        nullptr, hooked::nothing, hooked::nothing, nullptr};
    return make_source(component(WEIR_SOURCE, table), instance_home());
  }
  [[nodiscard]] Created<Sink> sink() {
    hooked::making = &hooks;
    const weir_sink table{sizeof(weir_sink), 0,           hooked::create, hooked::destroy,
                          hooked::start,     hooked::put, hooked::wait,   hooked::wait,
                          hooked::nothing,   nullptr};
    return make_sink(component(WEIR_SINK, table), instance_home());
  }

  /// A record of `into` with that value, as a source would leave it.
  Record& add(Slice& into, std::string_view value) {
    Origin* origin = into.origins()->open(Origin::kNoPartition, kNullBytes, 0);
    Record* record = into.append(*origin);
    record->set_slot(WEIR_VALUE, into.arena().copy(value));
    record->seal();
    return *record;
  }
  Record& add(std::string_view value) { return add(slice, value); }

  /// The live records of the slice, as the chain hands them on.
  [[nodiscard]] std::vector<Record*> live() {
    std::vector<Record*> all;
    for (Record* record : slice.records()) {
      if (record->fate == Fate::live) all.push_back(record);
    }
    return all;
  }
  Status apply(Transform& transform) {
    const auto records = live();
    return transform.apply(records, slice);
  }
  [[nodiscard]] std::string value_of(Record& record) {
    json.settle_bytes(record, WEIR_VALUE);
    return std::string(view(record.value()));
  }
};

}  // namespace weir::host::abi
