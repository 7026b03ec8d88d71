#pragma once
#include <string>
#include <vector>

#include "spec/field.h"

namespace weir::host::spec {

/// Components with the names and fields of those that ship (as the design has them), without any library behind them, and one
/// transform `sampler` with a field of every type. What configuration files are checked against in tests.
class TestCatalog final : public Catalog {
 public:
  TestCatalog();
  [[nodiscard]] const ComponentInfo* find(std::uint32_t kind, std::string_view name) const override;
  [[nodiscard]] std::vector<const ComponentInfo*> all() const override;

 private:
  std::vector<ComponentInfo> components_;
};

}  // namespace weir::host::spec
