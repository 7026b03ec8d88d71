#include "cli/trial/open_ends.h"

#include <algorithm>

namespace weir::host::cli {

const spec::ComponentInfo* OpenEnds::find(std::uint32_t kind, std::string_view name) const {
  const spec::ComponentInfo* const installed = installed_.find(kind, name);
  if (installed != nullptr || (kind != WEIR_SOURCE && kind != WEIR_SINK)) return installed;
  const auto known = std::find_if(stand_ins_.begin(), stand_ins_.end(),
                                  [&](const auto& info) { return info.kind == kind && info.name == name; });
  if (known != stand_ins_.end()) return &*known;
  spec::ComponentInfo& made = stand_ins_.emplace_back();
  made.kind = kind;
  made.name = name;
  made.capabilities = kind == WEIR_SINK ? WEIR_DURABLE : 0;  // also as dead letter sink
  made.stands_in = true;
  return &made;
}

}  // namespace weir::host::cli
