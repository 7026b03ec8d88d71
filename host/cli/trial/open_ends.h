#pragma once
#include <deque>

#include "spec/field.h"

namespace weir::host::cli {

/// Components for commands that run transforms only: a source or sink that is not installed is stood in for, and its fields are not
/// judged. Outlives what was checked with it. From one thread.
class OpenEnds final : public spec::Catalog {
 public:
  /// `installed` outlives it.
  explicit OpenEnds(const spec::Catalog& installed) : installed_(installed) {}

  [[nodiscard]] const spec::ComponentInfo* find(std::uint32_t kind, std::string_view name) const override;
  [[nodiscard]] std::vector<const spec::ComponentInfo*> all() const override { return installed_.all(); }
  [[nodiscard]] std::string searched() const override { return installed_.searched(); }

 private:
  const spec::Catalog& installed_;
  mutable std::deque<spec::ComponentInfo> stand_ins_;  // handed out: they must not move
};

}  // namespace weir::host::cli
