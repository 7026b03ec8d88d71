#pragma once
#include "abi/component.h"

namespace weir::host::abi {

/// A transform over a plugin's table.
class PluginTransform final : public Transform {
 public:
  PluginTransform(const weir_component& component, InstanceHome home) : plugin_(component, std::move(home)) {}
  std::vector<CreateError> create() { return plugin_.create(); }

  Status start() override;
  Status apply(std::span<Record* const> records, Slice& slice) override;
  Status tick(Slice& slice, std::int64_t now_ms, std::int64_t& next_ms) override;
  Status flush(Slice& slice) override;
  void stop() noexcept override;

  [[nodiscard]] const Context& context() const { return plugin_.context(); }

 private:
  [[nodiscard]] const weir_transform& table() const { return plugin_.table(); }
  [[nodiscard]] bool is_private() const { return plugin_.context().home().privacy; }

  Component<weir_transform> plugin_;
};

}  // namespace weir::host::abi
