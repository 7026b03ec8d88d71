#include "abi/plugin_transform.h"

namespace weir::host::abi {

Status PluginTransform::start() {
  if (table().start == nullptr) return {};
  Call call(plugin_.context(), CallKind::start);
  const Outcome outcome = call_plugin(call, [this] { return table().start(plugin_.self()); });
  return judge(call, outcome, {WEIR_E_RETRY, WEIR_E_CONFIG, WEIR_E_FATAL}, "start");
}

Status PluginTransform::apply(std::span<Record* const> records, Slice& slice) {
  Call call(plugin_.context(), CallKind::apply, &slice);
  call.count = records.size();
  call.records = records.data();
  const weir_batch batch{sizeof(weir_batch), static_cast<std::uint32_t>(records.size()), handles_of(records.data())};
  const Outcome outcome = call_plugin(call, [&] { return table().apply(plugin_.self(), &batch, handle_of(call)); });
  const bool refused = outcome.threw || outcome.status == WEIR_E_DATA;
  if (refused && !call.out_of_memory) {
    fail_all(call, outcome.threw ? "transform threw an exception" : "transform refused the batch");
    return {};
  }
  if (outcome.status == WEIR_E_RETRY && call.touched) {
    return broken_contract(plugin_.context(), "apply returned E_RETRY after it had changed something");
  }
  return judge(call, outcome, {WEIR_E_RETRY, WEIR_E_FATAL}, "apply", is_private());
}

Status PluginTransform::tick(Slice& slice, std::int64_t now_ms, std::int64_t& next_ms) {
  if (table().tick == nullptr) return {};
  Call call(plugin_.context(), CallKind::tick, &slice);
  const Outcome outcome =
      call_plugin(call, [&] { return table().tick(plugin_.self(), handle_of(call), now_ms, &next_ms); });
  if (outcome.threw) fail_all(call, "transform threw an exception");
  return judge(call, outcome, {WEIR_E_FATAL}, "tick", is_private());
}

Status PluginTransform::flush(Slice& slice) {
  if (table().flush == nullptr) return {};
  Call call(plugin_.context(), CallKind::flush, &slice);
  const Outcome outcome = call_plugin(call, [&] { return table().flush(plugin_.self(), handle_of(call)); });
  if (outcome.threw) fail_all(call, "transform threw an exception");
  return judge(call, outcome, {WEIR_E_FATAL}, "flush", is_private());
}

void PluginTransform::stop() noexcept {
  plugin_.context().held.clear();
  if (table().stop == nullptr) return;
  Call call(plugin_.context(), CallKind::stop);
  const CallScope scope(call);
  call_quietly(plugin_.context(), "stop", [this] { table().stop(plugin_.self()); });
}

Created<Transform> make_transform(const weir_component& component, InstanceHome home) {
  return make<PluginTransform, Transform>(component, std::move(home));
}

}  // namespace weir::host::abi
