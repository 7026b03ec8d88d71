#include "abi/pins.h"

#include "abi/plugin_transform.h"

namespace weir::host::abi {
namespace {

const std::deque<PathHandle>& paths_of(const Stage& stage) {
  static const std::deque<PathHandle> none;
  const auto* plugin = dynamic_cast<const PluginTransform*>(stage.transform.get());
  return plugin == nullptr ? none : plugin->context().paths();
}

bool breaks(const PathHandle& pin, const PathHandle& write) {
  const bool kinds = (pin.use & WEIR_PIN) != 0 && (write.use & WEIR_WRITE) != 0;
  return kinds && pin.slot == write.slot && write.absolute.touches(pin.absolute);
}

}  // namespace

std::vector<PinBreach> check_pins(std::span<const Stage> stages) {
  std::vector<PinBreach> breaches;
  for (std::size_t pinner = 0; pinner < stages.size(); ++pinner) {
    for (std::size_t writer = pinner + 1; writer < stages.size(); ++writer) {
      for (const PathHandle& pin : paths_of(stages[pinner])) {
        for (const PathHandle& write : paths_of(stages[writer])) {
          if (breaks(pin, write)) breaches.push_back({writer, write.absolute.text(), pinner, pin.absolute.text()});
        }
      }
    }
  }
  return breaches;
}

}  // namespace weir::host::abi
