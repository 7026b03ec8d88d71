#pragma once
#include <span>
#include <string>
#include <vector>

#include "pipeline/io.h"

namespace weir::host::abi {

/// A stage that writes what an earlier one relies on to stay (WEIR_PIN of abi.h). Indexes into the stages.
struct PinBreach {
  std::size_t writer = 0;
  std::string written;  // the writer's path
  std::size_t pinner = 0;
  std::string pinned;  // the earlier stage's path
};

/// Checks the paths that the plugins of a chain compiled in create; call it when all stages are made. Transforms that are no
/// plugins declare no paths. [control]
[[nodiscard]] std::vector<PinBreach> check_pins(std::span<const Stage> stages);

}  // namespace weir::host::abi
