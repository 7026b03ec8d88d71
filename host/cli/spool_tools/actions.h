#pragma once
#include "cli/spool_tools/look.h"

/// What `weir spool` does with what lies in a spool. Each prints to standard output and returns the exit code.
namespace weir::host::cli {

[[nodiscard]] int spool_status(const SpoolLook& look, bool json);
[[nodiscard]] int spool_list(const SpoolLook& look, bool json);
/// Exit 1: something is damaged.
[[nodiscard]] int spool_verify(const SpoolLook& look, bool json);

/// Which records are printed.
struct SpoolRange {
  spool::Sequence from = 0;
  std::uint64_t count = UINT64_MAX;
};
/// One envelope a line, with the place in the spool as its position where `positions`. Exit 1: the secret is missing, or something
/// could not be read; all else was printed.
[[nodiscard]] int spool_print(const SpoolLook& look, SpoolRange range, bool positions);

/// Makes a spool that no worker would open open again; `plan`: only says how. What cannot be read is never deleted.
[[nodiscard]] int spool_repair(const SpoolLook& look, bool plan);

}  // namespace weir::host::cli
