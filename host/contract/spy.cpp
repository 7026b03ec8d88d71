#include "contract/spy.h"

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <tuple>

#include "abi/call.h"
#include "abi/table.h"

namespace weir::host::contract {
namespace {

constexpr std::size_t kProgress = 32;

/// What the functions of the tables find their way by.
struct Shared {
  std::mutex mutex;  // guards observed
  Observations observed;
  weir_source source{};  // of the plugin
  weir_transform transform{};
  weir_predicate predicate{};
  weir_sink sink{};
  weir_host host{};  // watched
  char* progress = nullptr;
};

Shared& shared() {
  static Shared all;
  return all;
}

void note(std::set<std::string> Observations::*list, std::string what) {
  const std::lock_guard lock(shared().mutex);
  (shared().observed.*list).insert(std::move(what));
}

// ---- the plugin's functions, as the host calls them ----

void enter(const char* function) {
  if (shared().progress != nullptr) std::strncpy(shared().progress, function, kProgress - 1);
}

/// Calls a function of the plugin's that returns nothing.
template <typename Call>
void watched_void(const char* function, const Call& call) {
  enter(function);
  try {
    call();
  } catch (...) {
    note(&Observations::exceptions, function);
    throw;
  }
}

/// Calls a function of the plugin's that returns a status, one of `allowed` or OK.
template <typename Call>
weir_status watched(const char* function, std::initializer_list<weir_status> allowed, const Call& call) {
  enter(function);
  weir_status status = WEIR_OK;
  try {
    status = call();
  } catch (...) {
    note(&Observations::exceptions, function);
    throw;
  }
  if (status != WEIR_OK && std::find(allowed.begin(), allowed.end(), status) == allowed.end())
    note(&Observations::statuses, std::string(function) + " returned " + std::to_string(status));
  const abi::Call* current = abi::current_call();
  if (status == WEIR_E_RETRY && current != nullptr && current->touched && current->kind == abi::CallKind::apply)
    note(&Observations::touched_retries, function);
  return status;
}

template <auto Table>
weir_status create(weir_ctx* ctx, const weir_host*, void** self) {
  return watched("create", {WEIR_E_CONFIG, WEIR_E_FATAL},
                 [&] { return (shared().*Table).create(ctx, &shared().host, self); });
}
template <auto Table>
void destroy(void* self) {
  watched_void("destroy", [&] { (shared().*Table).destroy(self); });
}
template <auto Table>
weir_status start(void* self) {
  return watched("start", {WEIR_E_RETRY, WEIR_E_CONFIG, WEIR_E_FATAL}, [&] { return (shared().*Table).start(self); });
}
template <auto Table>
void stop(void* self) {
  watched_void("stop", [&] { (shared().*Table).stop(self); });
}

weir_status poll(void* self, weir_output* output, uint32_t max_records, size_t max_bytes, uint32_t timeout_ms) {
  return watched("poll", {WEIR_END, WEIR_E_RETRY, WEIR_E_FATAL},
                 [&] { return shared().source.poll(self, output, max_records, max_bytes, timeout_ms); });
}
void settled(void* self, const weir_settled* origins, uint32_t count) {
  watched_void("settled", [&] { shared().source.settled(self, origins, count); });
}
void wake(void* self) {
  watched_void("wake", [&] { shared().source.wake(self); });
}
weir_status apply(void* self, const weir_batch* batch, weir_output* output) {
  return watched("apply", {WEIR_E_RETRY, WEIR_E_DATA, WEIR_E_FATAL},
                 [&] { return shared().transform.apply(self, batch, output); });
}
weir_status tick(void* self, weir_output* output, int64_t now_ms, int64_t* next_ms) {
  return watched("tick", {WEIR_E_FATAL}, [&] { return shared().transform.tick(self, output, now_ms, next_ms); });
}
weir_status flush_held(void* self, weir_output* output) {
  return watched("flush", {WEIR_E_FATAL}, [&] { return shared().transform.flush(self, output); });
}
weir_status test(void* self, const weir_batch* batch, uint8_t* matches) {
  return watched("test", {WEIR_E_RETRY, WEIR_E_DATA, WEIR_E_FATAL}, [&] {
    const weir_status status = shared().predicate.test(self, batch, matches);
    if (std::any_of(matches, matches + batch->count, [](uint8_t match) { return match > 1; }))
      note(&Observations::statuses, "test wrote a byte that is neither 0 nor 1");
    return status;
  });
}
weir_status put(void* self, const weir_batch* batch, uint32_t* taken) {
  return watched("put", {WEIR_E_RETRY, WEIR_E_FATAL}, [&] { return shared().sink.put(self, batch, taken); });
}
weir_status service(void* self, uint32_t timeout_ms) {
  return watched("service", {WEIR_E_RETRY, WEIR_E_FATAL}, [&] { return shared().sink.service(self, timeout_ms); });
}
weir_status flush_taken(void* self, uint32_t timeout_ms) {
  return watched("flush", {WEIR_E_RETRY, WEIR_E_FATAL}, [&] { return shared().sink.flush(self, timeout_ms); });
}

/// The watching function where the plugin has one: what is optional stays optional.
template <typename Function>
void replace(Function*& slot, Function* by) {
  if (slot != nullptr) slot = by;
}

template <auto Table, typename T>
void replace_common(T& table) {
  replace(table.create, create<Table>);
  replace(table.destroy, destroy<Table>);
  if constexpr (requires { table.start; }) {
    replace(table.start, start<Table>);
    replace(table.stop, stop<Table>);
  }
}

const void* watch(const weir_component& component) {
  Shared& all = shared();
  static weir_source source;
  static weir_transform transform;
  static weir_predicate predicate;
  static weir_sink sink;
  switch (component.kind) {
    case WEIR_SOURCE:
      source = all.source = abi::read_table<weir_source>(component.table);
      replace_common<&Shared::source>(source);
      replace(source.poll, poll);
      replace(source.settled, settled);
      replace(source.wake, wake);
      return &source;
    case WEIR_TRANSFORM:
      transform = all.transform = abi::read_table<weir_transform>(component.table);
      replace_common<&Shared::transform>(transform);
      replace(transform.apply, apply);
      replace(transform.tick, tick);
      replace(transform.flush, flush_held);
      return &transform;
    case WEIR_PREDICATE:
      predicate = all.predicate = abi::read_table<weir_predicate>(component.table);
      replace_common<&Shared::predicate>(predicate);
      replace(predicate.test, test);
      return &predicate;
    default:
      sink = all.sink = abi::read_table<weir_sink>(component.table);
      replace_common<&Shared::sink>(sink);
      replace(sink.put, put);
      replace(sink.service, service);
      replace(sink.flush, flush_taken);
      return &sink;
  }
}

// ---- the host's functions, as the plugin calls them ----

/// Whether the plugin may call it whenever it likes ([any] in abi.h).
enum class When { any_time, in_a_call };

/// One slot of struct weir_host: the host's own function with a look at when it is called and what it answers.
template <auto Slot>
struct Watch;
template <typename R, typename... A, R (*weir_host::*Slot)(A...)>
struct Watch<Slot> {
  static inline const char* name = "";
  static inline When when = When::in_a_call;
  static inline bool is_status = true;  // partition() answers a number of the same type

  static R call(A... arguments) {
    if (when == When::in_a_call && abi::current_call() == nullptr) {
      note(&Observations::outside_calls, name);
      return (abi::host_table().*Slot)(arguments...);
    }
    if constexpr (std::is_same_v<R, weir_status>) {
      const R answer = (abi::host_table().*Slot)(arguments...);
      if (answer == WEIR_E_USAGE && is_status) note(&Observations::refused_calls, name);
      return answer;
    } else {
      return (abi::host_table().*Slot)(arguments...);
    }
  }
};

template <auto Slot>
void watch(const char* name, When when = When::in_a_call) {
  Watch<Slot>::name = name;
  Watch<Slot>::when = when;
  shared().host.*Slot = Watch<Slot>::call;
}

void watched_ack(weir_record* const* records, uint32_t count, weir_status status, const char* reason) {
  if (status != WEIR_OK && status != WEIR_E_DATA && status != WEIR_E_RETRY && status != WEIR_E_FATAL)
    note(&Observations::statuses, "ack was given " + std::to_string(status));
  abi::host_table().ack(records, count, status, reason);
}

void watch_host() {
  shared().host = abi::host_table();
  watch<&weir_host::set_error>("set_error");
  watch<&weir_host::config>("config");
  watch<&weir_host::config_each>("config_each");
  watch<&weir_host::config_json>("config_json");
  watch<&weir_host::role>("role");
  watch<&weir_host::compile>("compile");
  watch<&weir_host::condition>("condition");
  watch<&weir_host::matches>("matches");
  watch<&weir_host::doc>("doc");
  watch<&weir_host::get>("get");
  watch<&weir_host::raw>("raw");
  watch<&weir_host::each>("each");
  watch<&weir_host::match>("match");
  watch<&weir_host::set>("set");
  watch<&weir_host::set_json>("set_json");
  watch<&weir_host::rewrite>("rewrite");
  watch<&weir_host::move>("move");
  watch<&weir_host::remove>("remove");
  watch<&weir_host::bytes>("bytes", When::any_time);
  watch<&weir_host::set_bytes>("set_bytes");
  watch<&weir_host::topic>("topic");
  watch<&weir_host::partition>("partition");
  Watch<& weir_host::partition>::is_status = false;
  watch<&weir_host::timestamp_ms>("timestamp_ms");
  watch<&weir_host::set_topic>("set_topic");
  watch<&weir_host::set_partition>("set_partition");
  watch<&weir_host::set_timestamp_ms>("set_timestamp_ms");
  watch<&weir_host::header_count>("header_count");
  watch<&weir_host::header_at>("header_at");
  watch<&weir_host::header_add>("header_add");
  watch<&weir_host::header_remove>("header_remove");
  watch<&weir_host::drop>("drop");
  watch<&weir_host::fail>("fail");
  watch<&weir_host::clone>("clone");
  watch<&weir_host::origin>("origin");
  watch<&weir_host::append>("append");
  watch<&weir_host::buffer>("buffer");
  watch<&weir_host::set_view>("set_view");
  watch<&weir_host::stored>("stored");
  watch<&weir_host::revoke>("revoke");
  watch<&weir_host::hold>("hold");
  watch<&weir_host::emit>("emit");
  shared().host.ack = watched_ack;
}

}  // namespace

Spy::Spy(const weir_component& component) : component_(component) {
  watch_host();
  component_.table = watch(component);
}

Spy::~Spy() {
  const std::lock_guard lock(shared().mutex);
  shared().observed = {};
}

Observations Spy::observed() const {
  const std::lock_guard lock(shared().mutex);
  return shared().observed;
}

void Spy::set_progress(char* progress) { shared().progress = progress; }

}  // namespace weir::host::contract
