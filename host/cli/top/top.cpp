#include <cstdio>
#include <limits>

#include "admin/client.h"
#include "cli/commands.h"
#include "cli/top/terminal.h"
#include "cli/top/top_view.h"

namespace weir::host::cli {
namespace {

constexpr std::chrono::milliseconds kInterval{1000};
constexpr std::chrono::milliseconds kTimeout{3000};

/// The table as it stands now, or why there is none.
Result<std::string> look(const admin::Address& address, TopView& view, std::size_t columns) {
  const Result<admin::Fetched> fetched = admin::fetch(address, "/pipelines", kTimeout);
  if (!fetched) return fetched.status();
  if (fetched->status != 200) return Status::fatal("What answers at " + address.text() + " is no worker.");
  return view.show(fetched->body, TopView::Clock::now(), columns);
}

}  // namespace

int top(const TopOptions& options) {
  const Result<admin::Address> address = admin::parse_address(options.admin);
  if (!address) return complain(address.status().message(), kExitUsage);
  TopView view;
  Result<std::string> table = look(*address, view, std::numeric_limits<std::size_t>::max());
  if (!table) return complain(table.status().message(), kExitFailed);
  if (options.once || !Terminal::is_there()) {
    std::fputs((*table).c_str(), stdout);
    return kExitDone;
  }
  Terminal terminal;
  const std::string head = "weir top " + address->text() + "   q: quit\n\n";
  do {
    terminal.draw(head + (table ? *table : table.status().message() + "\n"));
    if (terminal.wait_for_end(kInterval)) break;
    table = look(*address, view, terminal.columns());  // a worker that went away may come back
  } while (true);
  return kExitDone;
}

}  // namespace weir::host::cli
