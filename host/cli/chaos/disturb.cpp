#include "cli/chaos/disturb.h"

#include <algorithm>

#include "observe/log.h"

namespace weir::host::cli::chaos {

void Disturber::apply(const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    if (!apply(fault)) return;
  }
}

bool Disturber::apply(const Fault& fault) {
  if (fault.kind == Fault::Kind::kill_starting) {
    const double time = static_cast<double>(setup_.start_time.count()) * fault.wait;
    return let_run(Milliseconds(static_cast<std::int64_t>(time))) && kill();
  }
  const auto is_due = [&] { return setup_.progress() >= fault.due && run_.worker_delivered(); };
  if (!run_.wait_until(is_due, setup_.patience)) return false;
  if (fault.kind == Fault::Kind::kill_running) return let_run(std::min(fault.delay, setup_.longest_delay)) && kill();
  return freeze(fault);
}

/// Whether the worker still runs then.
bool Disturber::let_run(Milliseconds time) {
  run_.wait_until([] { return false; }, time);
  return run_.worker_runs() && run_.trouble().ok();
}

bool Disturber::freeze(const Fault& fault) {
  Log().info("The broker stands still.", {{"ms", fault.frozen.count()}});
  run_.freeze();
  ++counts_.freezes;
  const bool kills = fault.kind == Fault::Kind::kill_frozen;
  bool goes_on = true;
  if (kills) goes_on = let_run(fault.delay) && kill();
  run_.wait(kills ? fault.frozen - fault.delay : fault.frozen);
  run_.go();
  return goes_on && run_.trouble().ok();
}

/// And starts it again.
bool Disturber::kill() {
  const char* when = "starting";
  if (run_.frozen()) {
    when = "the broker stands still";
    ++counts_.killed_frozen;
  } else if (run_.worker_delivered()) {
    when = "running";
    ++counts_.killed_running;
  } else {
    ++counts_.killed_starting;
  }
  Log().info("The worker is killed.", {{"kill", counts_.kills()}, {"while", when}, {"messages", run_.messages()}});
  run_.kill_worker();
  run_.start_worker();
  return run_.trouble().ok();
}

}  // namespace weir::host::cli::chaos
