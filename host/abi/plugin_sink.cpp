#include "abi/component.h"

namespace weir::host::abi {
namespace {

std::uint32_t milliseconds(Milliseconds time) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(time.count(), 0, UINT32_MAX));
}

/// A sink over a plugin's table.
class PluginSink final : public Sink {
 public:
  PluginSink(const weir_component& component, InstanceHome home) : plugin_(component, std::move(home)) {}
  std::vector<CreateError> create() { return plugin_.create(); }

  Status start() override {
    if (table().start == nullptr) return {};
    Call call(plugin_.context(), CallKind::start);
    const Outcome outcome = call_plugin(call, [this] { return table().start(plugin_.self()); });
    return judge(call, outcome, {WEIR_E_RETRY, WEIR_E_CONFIG, WEIR_E_FATAL}, "start");
  }

  Status put(std::span<Record* const> records, std::size_t& taken) override {
    taken = 0;
    settle(records);
    Call call(plugin_.context(), CallKind::put);
    const weir_batch batch{sizeof(weir_batch), static_cast<std::uint32_t>(records.size()), handles_of(records.data())};
    std::uint32_t count = 0;
    const Outcome outcome = call_plugin(call, [&] { return table().put(plugin_.self(), &batch, &count); });
    if (count > records.size()) {
      return broken_contract(plugin_.context(), "put took " + std::to_string(count) + " of " +
                                                    std::to_string(records.size()) + " records");
    }
    taken = count;  // also of a put that failed: those have an acknowledgement coming
    return judge(call, outcome, {WEIR_E_RETRY, WEIR_E_FATAL}, "put");
  }

  Status service(Milliseconds timeout) override {
    if (table().service == nullptr) return {};
    Call call(plugin_.context(), CallKind::service);
    const Outcome outcome = call_plugin(call, [&] { return table().service(plugin_.self(), milliseconds(timeout)); });
    return judge(call, outcome, {WEIR_E_RETRY, WEIR_E_FATAL}, "service");
  }

  Status flush(Milliseconds timeout) override {
    if (table().flush == nullptr) return {};
    Call call(plugin_.context(), CallKind::service);
    const Outcome outcome = call_plugin(call, [&] { return table().flush(plugin_.self(), milliseconds(timeout)); });
    return judge(call, outcome, {WEIR_E_RETRY, WEIR_E_FATAL}, "flush");
  }

  void stop() noexcept override {
    if (table().stop == nullptr) return;
    Call call(plugin_.context(), CallKind::stop);
    const CallScope scope(call);
    call_quietly(plugin_.context(), "stop", [this] { table().stop(plugin_.self()); });
  }

 private:
  [[nodiscard]] const weir_sink& table() const { return plugin_.table(); }

  /// A sink may read bytes on any thread, so every edit is in them before it gets the records.
  void settle(std::span<Record* const> records) {
    json::Engine* engine = plugin_.context().home().json;
    if (engine == nullptr) return;
    for (Record* record : records) {
      for (int slot : {WEIR_KEY, WEIR_VALUE}) {
        if (record->slots[slot].document != nullptr) engine->settle_bytes(*record, slot);
      }
    }
  }

  Component<weir_sink> plugin_;
};

}  // namespace

Created<Sink> make_sink(const weir_component& component, InstanceHome home) {
  return make<PluginSink, Sink>(component, std::move(home));
}

}  // namespace weir::host::abi
