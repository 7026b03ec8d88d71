#include "abi/component.h"

namespace weir::host::abi {
namespace {

/// A predicate over a plugin's table.
class PluginPredicate final : public Predicate {
 public:
  PluginPredicate(const weir_component& component, InstanceHome home) : plugin_(component, std::move(home)) {}
  std::vector<CreateError> create() { return plugin_.create(); }

  Status test(std::span<Record* const> records, std::span<std::uint8_t> matches) override {
    if (records.empty()) return {};
    Call call(plugin_.context(), CallKind::test, records.front()->slice);
    call.count = records.size();
    call.records = records.data();
    std::fill(matches.begin(), matches.end(), std::uint8_t{0});
    const weir_batch batch{sizeof(weir_batch), static_cast<std::uint32_t>(records.size()), handles_of(records.data())};
    const Outcome outcome =
        call_plugin(call, [&] { return plugin_.table().test(plugin_.self(), &batch, matches.data()); });
    const bool refused = outcome.threw || outcome.status == WEIR_E_DATA;
    if (refused && !call.out_of_memory) {
      fail_all(call, outcome.threw ? "predicate threw an exception" : "predicate refused the batch");
      return {};
    }
    for (const std::uint8_t match : matches) {
      if (match > 1) return broken_contract(plugin_.context(), "test wrote a byte that is neither 0 nor 1");
    }
    return judge(call, outcome, {WEIR_E_RETRY, WEIR_E_FATAL}, "test", plugin_.context().home().privacy);
  }

 private:
  Component<weir_predicate> plugin_;
};

}  // namespace

Created<Predicate> make_predicate(const weir_component& component, InstanceHome home) {
  return make<PluginPredicate, Predicate>(component, std::move(home));
}

}  // namespace weir::host::abi
