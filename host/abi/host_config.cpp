// The table's part about configuration: values by pointer, paths and conditions compiled into the task's plan.
#include "abi/handles.h"
#include "abi/host_table.h"
#include "spec/value.h"

namespace weir::host::abi {
namespace {

weir_value value_of(const spec::Value& value) {
  weir_value out{};
  out.type = value.type;
  switch (value.type) {
    case WEIR_BOOL:
      out.as.i = value.boolean ? 1 : 0;
      break;
    case WEIR_INT:
      out.as.i = value.integer;
      break;
    case WEIR_UINT:
      out.as.u = value.uinteger;
      break;
    case WEIR_DOUBLE:
      out.as.d = value.number;
      break;
    case WEIR_STRING:
      out.as.s = text_of(value.text);
      break;
    case WEIR_ARRAY:
      out.as.count = value.items.size();
      break;
    case WEIR_OBJECT:
      out.as.count = value.members.size();
      break;
    default:
      break;
  }
  return out;
}

const spec::Value* find(weir_ctx* ctx, weir_str pointer) {
  const spec::Value* fields = context_of(ctx)->home().fields;
  return fields == nullptr ? nullptr : fields->at(view(pointer));
}

weir_status config(weir_ctx* ctx, weir_str pointer, weir_value* out) {
  if (ctx == nullptr || out == nullptr) return WEIR_E_USAGE;
  return shielded(WEIR_E_FATAL, [&] {
    const spec::Value* value = find(ctx, pointer);
    if (value == nullptr) return WEIR_NOT_FOUND;
    *out = value_of(*value);
    return WEIR_OK;
  });
}

weir_status config_each(weir_ctx* ctx, weir_str pointer, weir_visit visit, void* user) {
  if (ctx == nullptr || visit == nullptr) return WEIR_E_USAGE;
  const spec::Value* value = find(ctx, pointer);
  if (value == nullptr) return WEIR_NOT_FOUND;
  if (value->type != WEIR_ARRAY && value->type != WEIR_OBJECT) return WEIR_E_USAGE;
  for (const spec::Value& item : value->items) {
    const weir_value element = value_of(item);
    if (const weir_status status = visit(user, kNullBytes, &element); status != WEIR_OK) return status;
  }
  for (const auto& [name, member] : value->members) {
    const weir_value element = value_of(member);
    if (const weir_status status = visit(user, text_of(name), &element); status != WEIR_OK) return status;
  }
  return WEIR_OK;
}

weir_status config_json(weir_ctx* ctx, weir_str pointer, weir_str* json) {
  if (ctx == nullptr || json == nullptr) return WEIR_E_USAGE;
  return shielded(WEIR_E_FATAL, [&] {
    const std::string* text = context_of(ctx)->config_json(view(pointer));
    if (text == nullptr) return WEIR_NOT_FOUND;
    *json = text_of(*text);
    return WEIR_OK;
  });
}

/// Plans are frozen once records flow, so they grow in create only.
bool may_plan(const Context& context) {
  const Call* call = current_call();
  return call != nullptr && call->kind == CallKind::create && &call->context == &context &&
         context.home().json != nullptr;
}

const weir_path* compile(weir_ctx* ctx, int32_t slot, weir_str path, uint32_t use, const weir_path* base) {
  constexpr uint32_t kUses = WEIR_READ | WEIR_WRITE | WEIR_PIN | WEIR_TEXT;
  if (ctx == nullptr || !is_slot(slot) || path.ptr == nullptr || (use & ~kUses) != 0) return nullptr;
  Context& context = *context_of(ctx);
  const PathHandle* from = path_of(base);
  if (!may_plan(context) || (from != nullptr && (from->owner != &context || from->slot != slot))) return nullptr;
  return shielded<const weir_path*>(nullptr, [&]() -> const weir_path* {
    const PathHandle* made = context.compile(slot, view(path), use, from);
    return made == nullptr ? nullptr : handle_of(*made);
  });
}

const weir_condition* condition(weir_ctx* ctx, weir_str pointer) {
  if (ctx == nullptr || !may_plan(*context_of(ctx))) return nullptr;
  return shielded<const weir_condition*>(nullptr, [&]() -> const weir_condition* {
    Context& context = *context_of(ctx);
    const spec::Value* value = find(ctx, pointer);
    if (value == nullptr || value->condition == nullptr) return nullptr;
    const auto planned = context.home().json->plan(WEIR_VALUE).add(*value->condition, context.strictness());
    if (planned) return handle_of(**planned);
    context.set_error(std::string(view(pointer)), planned.status().message());
    return nullptr;
  });
}

}  // namespace

void add_config_slots(weir_host& table) {
  table.config = config;
  table.config_each = config_each;
  table.config_json = config_json;
  table.compile = compile;
  table.condition = condition;
}

}  // namespace weir::host::abi
