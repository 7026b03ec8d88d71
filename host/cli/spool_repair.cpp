#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <functional>

#include "cli/spool_actions.h"
#include "spool/state.h"

namespace weir::host::cli {
namespace {

/// One thing to do, and what it is in words.
struct Step {
  std::string what;
  std::function<int()> act;  // an errno; empty: the worker does it
};

/// Where what cannot be read goes. Nothing there is ever overwritten or deleted.
class Quarantine {
 public:
  explicit Quarantine(std::string spool) : spool_(std::move(spool)), folder_(spool_ + "/quarantine") {}

  [[nodiscard]] int take(const std::string& name) const {
    spool::FileSystem& files = spool::disk_files();
    if (const int error = files.make_folder(folder_); error != 0) return error;
    std::string target;
    if (const int error = free_name(name, target); error != 0) return error;
    if (const int error = files.rename(spool_ + "/" + name, target); error != 0) return error;
    if (const int error = files.sync_folder(folder_); error != 0) return error;
    return files.sync_folder(spool_);
  }

 private:
  int free_name(const std::string& name, std::string& target) const {
    std::vector<spool::FolderEntry> entries;
    if (const int error = spool::disk_files().list(folder_, entries); error != 0) return error;
    const auto is_taken = [&entries](const std::string& wanted) {
      return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) { return entry.name == wanted; });
    };
    std::string wanted = name;
    for (int number = 2; is_taken(wanted); ++number) wanted = name + "." + std::to_string(number);
    target = folder_ + "/" + wanted;
    return 0;
  }

  const std::string spool_;
  const std::string folder_;
};

const SpoolSegment* first_readable(const SpoolContents& contents) {
  for (const SpoolSegment& segment : contents.segments()) {
    if (segment.header) return &segment;
  }
  return nullptr;
}

/// As little as is certain: with nothing delivered but what is gone, records may come twice, and none is lost.
spool::StateSlot new_state(const SpoolPlace& place, const SpoolSegment& first, spool::Sequence end) {
  spool::StateSlot slot;
  slot.spool = first.header->spool;
  slot.delivered = std::max<spool::Sequence>(place.delivered, first.first - 1);
  slot.durable = end - 1;
  return slot;
}

class Planner {
 public:
  Planner(const SpoolPlace& place, const SpoolContents& contents)
      : place_(place), contents_(contents), quarantine_(place.folder) {}

  [[nodiscard]] Result<std::vector<Step>> plan() {
    plan_segments();
    plan_state();
    if (Status looked = plan_damage(); !looked.ok()) return looked;
    return std::move(steps_);
  }

 private:
  void plan_segments() {
    for (const SpoolSegment& segment : contents_.segments()) {
      if (segment.header) continue;
      steps_.push_back({"move " + segment.name + " to quarantine: both copies of its header are damaged",
                        [this, name = segment.name] { return quarantine_.take(name); }});
    }
  }

  void plan_state() {
    if (contents_.state()) return;
    const bool is_missing = contents_.state().status().code() == WEIR_NOT_FOUND;
    const SpoolSegment* first = first_readable(contents_);
    if (!is_missing)
      steps_.push_back(
          {"move state to quarantine: neither of its slots is whole", [this] { return quarantine_.take("state"); }});
    if (first == nullptr) return;  // an empty spool begins anew
    const spool::StateSlot slot = new_state(place_, *first, contents_.end());
    steps_.push_back({"make a new state: record " + std::to_string(slot.delivered + 1) +
                          " is the next to deliver; what was delivered behind it comes twice",
                      [this, slot] { return spool::StateFile(spool::disk_files(), place_.folder).store(slot); }});
  }

  /// The worker skips damaged blocks on its way and puts their bytes into quarantine; they are told so that nobody waits for more.
  Status plan_damage() {
    for (const SpoolSegment& segment : contents_.segments()) {
      if (!segment.header) continue;
      std::uint64_t damaged = 0;
      const Status walked =
          contents_.walk(segment, SpoolContents::Depth::payloads, [&damaged](const SpoolPiece& piece) {
            damaged += piece.state == SpoolPiece::State::damaged;
            return true;
          });
      if (!walked.ok()) return walked;
      if (damaged > 0)
        steps_.push_back({"leave " + std::to_string(damaged) + " damaged places of " + segment.name +
                              " to the worker, which puts them into quarantine and goes on",
                          {}});
    }
    return {};
  }

  const SpoolPlace& place_;
  const SpoolContents& contents_;
  Quarantine quarantine_;
  std::vector<Step> steps_;
};

/// What was looked at must still be so when it is changed.
Status lock_out_workers(const std::string& folder, std::unique_ptr<spool::FileLock>& lock) {
  const int error = spool::disk_files().lock(folder + "/lock", lock);
  if (error == EWOULDBLOCK) return Status::config("a worker has the spool '" + folder + "': stop it first");
  return error == 0 ? Status() : spool::disk_error("cannot lock", folder, error);
}

Status carry_out(const std::vector<Step>& steps, const std::string& folder) {
  for (const Step& step : steps) {
    std::printf("%s\n", step.what.c_str());
    if (!step.act) continue;
    if (const int error = step.act(); error != 0) return spool::disk_error("cannot change", folder, error);
  }
  return {};
}

Status repair(const SpoolPlace& place, bool plan) {
  std::unique_ptr<spool::FileLock> lock;
  if (!plan) {
    if (Status locked = lock_out_workers(place.folder, lock); !locked.ok()) return locked;
  }
  const Result<SpoolContents> contents = SpoolContents::look(place);
  if (!contents) return contents.status();
  Planner planner(place, *contents);  // its steps need it
  const Result<std::vector<Step>> steps = planner.plan();
  if (!steps) return steps.status();
  if (steps->empty()) std::puts("nothing to repair");
  if (!plan) return carry_out(*steps, place.folder);
  for (const Step& step : *steps) std::printf("would %s\n", step.what.c_str());
  return {};
}

}  // namespace

int spool_repair(const SpoolPlace& place, bool plan) {
  const Status repaired = repair(place, plan);
  if (repaired.ok()) return kExitDone;
  return complain(repaired.message(), repaired.code() == WEIR_E_CONFIG ? kExitUsage : kExitFailed);
}

}  // namespace weir::host::cli
