#pragma once
#include <vector>

#include "abi/handles.h"
#include "abi/table.h"

namespace weir::host::abi {

/// An instance in the making and made: its context, its table, its self. Destroys the self. [control]
template <typename Table>
class Component {
 public:
  Component(const weir_component& component, InstanceHome home)
      : table_(read_table<Table>(component.table)), context_(component, table_.capabilities, std::move(home)) {}
  ~Component() {
    if (made_ && table_.destroy != nullptr) call_quietly(context_, "destroy", [this] { table_.destroy(self_); });
  }
  Component(const Component&) = delete;
  Component& operator=(const Component&) = delete;

  /// Calls create; what is wrong when it is refused. Once.
  std::vector<CreateError> create() {
    Call call(context_, CallKind::create);
    const Outcome outcome =
        call_plugin(call, [&] { return table_.create(handle_of(context_), &host_table(), &self_); });
    made_ = !outcome.threw && outcome.status == WEIR_OK && !call.out_of_memory;
    if (made_) return {};
    if (outcome.threw) return {{Status::config(context_.title() + " threw an exception in its constructor"), {}}};
    return refusals(call, outcome);
  }

  [[nodiscard]] const Table& table() const { return table_; }
  [[nodiscard]] Context& context() { return context_; }
  [[nodiscard]] const Context& context() const { return context_; }
  [[nodiscard]] void* self() const { return self_; }

 private:
  std::vector<CreateError> refusals(Call& call, const Outcome& outcome) {
    if (outcome.status != WEIR_E_CONFIG || call.out_of_memory) {
      Status broken = judge(call, outcome, {WEIR_E_FATAL}, "create");
      return {{Status::config(broken.message()), {}}};
    }
    auto refusals = context_.take_refusals();
    if (refusals.empty()) refusals.emplace_back();
    std::vector<CreateError> errors;
    for (auto& [pointer, text] : refusals) {
      if (text.empty()) text = context_.title() + " refused its configuration without saying why";
      errors.push_back({Status::config(std::move(text)), std::move(pointer)});
    }
    return errors;
  }

  Table table_;
  Context context_;
  void* self_ = nullptr;
  bool made_ = false;
};

/// Makes a T (an adapter over a Component) and runs its create.
template <typename Adapter, typename Interface>
Created<Interface> make(const weir_component& component, InstanceHome home) {
  auto adapter = std::make_unique<Adapter>(component, std::move(home));
  if (auto errors = adapter->create(); !errors.empty()) return {nullptr, std::move(errors)};
  return {std::move(adapter), {}};
}

}  // namespace weir::host::abi
