#include <cstdio>
#include <string>

#include "admin/client.h"
#include "admin/request.h"
#include "cli/commands.h"

namespace weir::host::cli {
namespace {

std::string target_of(const TapOptions& options) {
  std::string target =
      "/pipelines/" + admin::percent_encode(options.pipeline) + "/tap?count=" + std::to_string(options.count);
  if (!options.after.empty()) target += "&after=" + admin::percent_encode(options.after);
  if (options.unsafe) target += "&unsafe=1";
  return target;
}

}  // namespace

int tap(const TapOptions& options) {
  const Result<admin::Address> address = admin::parse_address(options.admin);
  if (!address) return complain(address.status().message(), kExitUsage);
  const auto print = [](std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return std::fflush(stdout) == 0;
  };
  const Result<admin::Fetched> fetched = admin::fetch_stream(*address, target_of(options), print);
  if (!fetched) return complain(fetched.status().message(), kExitFailed);
  if (fetched->status != 200) {
    std::string why = fetched->body;
    while (!why.empty() && why.back() == '\n') why.pop_back();
    return complain(why, kExitUsage);
  }
  if (fetched->missed > 0)
    std::fprintf(stderr, "weir: %llu records passed unseen\n", static_cast<unsigned long long>(fetched->missed));
  return kExitDone;
}

}  // namespace weir::host::cli
