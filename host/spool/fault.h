#pragma once
#include <span>
#include <string_view>

/// Named places where tests kill the process. Only the program `weir-faults` has them (WEIR_FAULTS); elsewhere they are nothing.
namespace weir::host::spool {

#ifdef WEIR_FAULTS
/// The environment's WEIR_FAULT=NAME[:N] kills the process with SIGKILL when it comes by NAME for the Nth time. Aborts for a name that is
/// not in fault_names(). [any]
void fault(std::string_view name);
#else
inline void fault(std::string_view) {}
#endif

/// Every place, in the order of a spool's life.
[[nodiscard]] std::span<const std::string_view> fault_names();

}  // namespace weir::host::spool
