#include "spool/fault.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>

namespace weir::host::spool {
namespace {

constexpr std::array<std::string_view, 24> kNames{
    "open.locked",           "open.state_read",        "recover.scanned",      "recover.truncated",
    "recover.sealed",        "recover.done",           "segment.created",      "segment.header_synced",
    "segment.folder_synced", "group.half_written",     "group.written",        "group.synced",
    "group.acknowledged",    "segment.footer_written", "segment.sealed",       "state.before_slot",
    "state.slot_written",    "state.slot_synced",      "state.file_written",   "state.file_renamed",
    "delete.before_unlink",  "delete.unlinked",        "delete.folder_synced", "quarantine.copied"};

#ifdef WEIR_FAULTS
struct Wanted {
  std::string_view name;
  long passings = 1;
};

Wanted wanted_of_environment() {
  const char* const text = std::getenv("WEIR_FAULT");
  if (text == nullptr) return {};
  const std::string_view all(text);
  const std::size_t colon = all.find(':');
  Wanted wanted{all.substr(0, colon)};
  if (colon != std::string_view::npos) std::from_chars(text + colon + 1, text + all.size(), wanted.passings);
  return wanted;
}
#endif

}  // namespace

std::span<const std::string_view> fault_names() { return kNames; }

#ifdef WEIR_FAULTS
void fault(std::string_view name) {
  if (std::find(kNames.begin(), kNames.end(), name) == kNames.end()) std::abort();
  static const Wanted wanted = wanted_of_environment();
  static std::atomic<long> passed{0};
  if (name == wanted.name && ++passed == wanted.passings) std::raise(SIGKILL);
}
#endif

}  // namespace weir::host::spool
