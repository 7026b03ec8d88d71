#include "abi/component.h"

namespace weir::host::abi {
namespace {

/// A source over a plugin's table.
class PluginSource final : public Source {
 public:
  PluginSource(const weir_component& component, InstanceHome home) : plugin_(component, std::move(home)) {}
  std::vector<CreateError> create() { return plugin_.create(); }

  Status start() override {
    plugin_.context().ended = false;
    plugin_.context().forget_partition();
    if (table().start == nullptr) return {};
    Call call(plugin_.context(), CallKind::start);
    const Outcome outcome = call_plugin(call, [this] { return table().start(plugin_.self()); });
    return judge(call, outcome, {WEIR_E_RETRY, WEIR_E_CONFIG, WEIR_E_FATAL}, "start");
  }

  Status poll(Slice& into, const PollLimits& limits) override {
    Call call(plugin_.context(), CallKind::poll, &into);
    call.limits = limits;
    const auto timeout = static_cast<std::uint32_t>(std::clamp<std::int64_t>(limits.timeout.count(), 0, UINT32_MAX));
    const Outcome outcome = call_plugin(call, [&] {
      return table().poll(plugin_.self(), handle_of(call), limits.max_records, limits.max_bytes, timeout);
    });
    if (outcome.threw || call.out_of_memory) take_back(into);
    const Status status = judge(call, outcome, {WEIR_END, WEIR_E_RETRY, WEIR_E_FATAL}, "poll");
    if (status.code() == WEIR_END) plugin_.context().ended = true;
    return status;
  }

  void settled(std::span<const weir_settled> origins) noexcept override {
    if (table().settled == nullptr || origins.empty()) return;
    call_quietly(plugin_.context(), "settled",
                 [&] { table().settled(plugin_.self(), origins.data(), static_cast<std::uint32_t>(origins.size())); });
  }

  void wake() noexcept override {
    if (table().wake != nullptr) call_quietly(plugin_.context(), "wake", [this] { table().wake(plugin_.self()); });
  }

  void stop() noexcept override {
    if (table().stop == nullptr) return;
    Call call(plugin_.context(), CallKind::stop);
    const CallScope scope(call);
    call_quietly(plugin_.context(), "stop", [this] { table().stop(plugin_.self()); });
  }

 private:
  [[nodiscard]] const weir_source& table() const { return plugin_.table(); }

  /// A poll that threw may have left its last record half filled: none of it counts, the positions stay where they were.
  static void take_back(Slice& slice) {
    WindowEntry* const place = slice.entry;
    slice.recycle();
    slice.entry = place;
  }

  Component<weir_source> plugin_;
};

}  // namespace

Created<Source> make_source(const weir_component& component, InstanceHome home) {
  return make<PluginSource, Source>(component, std::move(home));
}

}  // namespace weir::host::abi
