// The table's part about the instance: log, errors, clock, which task it serves.
#include <algorithm>
#include <chrono>
#include <string_view>

#include "abi/handles.h"
#include "abi/host_table.h"

namespace weir::host::abi {
namespace {

int32_t log_level(weir_ctx*) { return static_cast<int32_t>(Log::level()); }

void log(weir_ctx* ctx, int32_t level, weir_str text) {
  if (ctx == nullptr) return;
  shielded(0, [&] {
    const Call* call = current_call();
    if (call != nullptr && call->kind == CallKind::create && call->context.home().repeats) return 0;
    const auto clamped = static_cast<LogLevel>(std::clamp<int32_t>(level, WEIR_LOG_ERROR, WEIR_LOG_TRACE));
    const Context& context = *context_of(ctx);
    if (Log::enabled(clamped)) context.home().log.write(clamped, context.masked(view(text)));
    return 0;
  });
}

void alarm(weir_ctx* ctx, const char* name, weir_str text) {
  if (ctx == nullptr || name == nullptr) return;
  shielded(0, [&] {
    const Context& context = *context_of(ctx);
    context.home().log.alarm(name, context.masked(view(text)));
    return 0;
  });
}

void set_error(weir_ctx* ctx, weir_str pointer, weir_str text) {
  if (ctx == nullptr) return;
  shielded(0, [&] {
    Context& context = *context_of(ctx);
    const Call* call = current_call();
    const bool creating = call != nullptr && call->kind == CallKind::create && &call->context == &context;
    if (creating) {
      context.add_refusal(std::string(view(pointer)), view(text));
    } else {
      context.set_error(std::string(view(pointer)), view(text));
    }
    return 0;
  });
}

const void* extension(weir_ctx* ctx, const char* id) {
  if (ctx == nullptr || id == nullptr) return nullptr;
  const std::string_view name(id);
  if (name == "weir.topics/1") return &context_of(ctx)->topics();
  return name == "weir.pipeline/1" ? &context_of(ctx)->pipeline() : nullptr;
}

int64_t now_ms(weir_ctx* ctx) {
  if (ctx != nullptr && context_of(ctx)->home().now_ms) {
    return shielded<int64_t>(0, [&] { return context_of(ctx)->home().now_ms(); });
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

uint32_t task(weir_ctx* ctx, uint32_t* count) {
  if (count != nullptr) *count = ctx == nullptr ? 1 : context_of(ctx)->home().task_count;
  return ctx == nullptr ? 0 : context_of(ctx)->home().task;
}

uint64_t memory(weir_ctx* ctx) { return ctx == nullptr ? 0 : context_of(ctx)->home().memory; }

uint32_t role(weir_ctx* ctx) { return ctx == nullptr ? 0 : context_of(ctx)->home().role; }

}  // namespace

void add_instance_slots(weir_host& table) {
  table.log_level = log_level;
  table.log = log;
  table.alarm = alarm;
  table.set_error = set_error;
  table.extension = extension;
  table.now_ms = now_ms;
  table.task = task;
  table.memory = memory;
  table.role = role;
}

}  // namespace weir::host::abi
