#include <cstdio>

#include "cli/spool_tools/actions.h"
#include "spec/words.h"

namespace weir::host::cli {
namespace {

/// An option that its action has no use for is a mistake, not a decoration.
const char* unused_option(const SpoolOptions& options) {
  const std::string& action = options.action;
  const bool prints = action == "peek" || action == "export";
  if (options.from && !prints) return "--from";
  if (options.count && !prints) return "--count";
  if (options.all && action != "export") return "--all";
  if (options.all && options.from) return "--from beside --all";
  if (options.json && action != "status" && action != "ls" && action != "verify") return "--json";
  if (options.plan && action != "repair") return "--plan";
  return nullptr;
}

int print_records(const SpoolLook& look, const SpoolOptions& options) {
  constexpr std::uint64_t kPeeked = 10;
  const bool peeks = options.action == "peek";
  SpoolRange range;
  range.from = options.all ? 0 : options.from.value_or(look.next);
  range.count = options.count.value_or(peeks ? kPeeked : UINT64_MAX);
  return spool_print(look, range, peeks);
}

}  // namespace

int spool(const CommonOptions& common, const SpoolOptions& options) {
  if (const char* unused = unused_option(options); unused != nullptr)
    return complain(std::string("`weir spool ") + options.action + "` takes no " + unused, kExitUsage);
  const auto place = find_spool(common, options);
  if (!place) return kExitUsage;
  const Result<SpoolLook> look = look_at_spool(*place);
  if (!look) return complain(look.status().message(), look.status().code() == WEIR_E_CONFIG ? kExitUsage : kExitFailed);
  if (options.action == "status") return spool_status(*look, options.json);
  if (options.action == "ls") return spool_list(*look, options.json);
  if (options.action == "verify") return spool_verify(*look, options.json);
  if (options.action == "repair") return spool_repair(*look, options.plan);
  return print_records(*look, options);
}

}  // namespace weir::host::cli
