#pragma once
#include <optional>

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

  /// Calls create; an error when it is refused. Once.
  std::optional<CreateError> create() {
    Call call(context_, CallKind::create);
    const Outcome outcome =
        call_plugin(call, [&] { return table_.create(handle_of(context_), &host_table(), &self_); });
    made_ = !outcome.threw && outcome.status == WEIR_OK && !call.out_of_memory;
    if (made_) return std::nullopt;
    if (outcome.threw)
      return CreateError{Status::config(context_.title() + " threw an exception in its constructor"), {}};
    return refusal(call, outcome);
  }

  [[nodiscard]] const Table& table() const { return table_; }
  [[nodiscard]] Context& context() { return context_; }
  [[nodiscard]] const Context& context() const { return context_; }
  [[nodiscard]] void* self() const { return self_; }

 private:
  CreateError refusal(Call& call, const Outcome& outcome) {
    if (outcome.status != WEIR_E_CONFIG || call.out_of_memory) {
      Status broken = judge(call, outcome, {WEIR_E_FATAL}, "create");
      return {Status::config(broken.message()), {}};
    }
    auto [pointer, text] = context_.take_error();
    if (text.empty()) text = context_.title() + " refused its configuration without saying why";
    return {Status::config(std::move(text)), std::move(pointer)};
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
  if (auto error = adapter->create()) return {nullptr, *std::move(error)};
  return {std::move(adapter), {}};
}

}  // namespace weir::host::abi
