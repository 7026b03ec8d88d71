// The catalog's part that finds out whose a listed file is.
#include <algorithm>

#include "catalog.h"
#include "names.h"

namespace weir::plugins {
namespace {

using std::chrono::seconds;

constexpr seconds kCopyTime{10};  // from the latest growth of a copy to the truncation or removal of what was copied

}  // namespace

void Catalog::identify(const Listed& listed, const Host& host) {
  refuse_output(listed);
  const std::string start = start_of(listed);
  if (belongs_by_inode(listed, start, host)) return;
  Chain& chain = chain_of(listed.path, host.positions);
  if (!resolve(chain, &listed, host) || known_.count(listed.look.key) != 0) return;
  if (is_copy(listed, start, host)) return;
  Assignment next = enter_next(chain, listed);
  next.from_end = next.generation == 1 && at_start_.count(listed.look.key) != 0;
  give(std::move(next));
}

void Catalog::refuse_output(const Listed& listed) const {
  for (const std::string& output : options_.outputs) {
    const auto look = look_at(output);
    if (look && look->key == listed.look.key)
      throw FatalError("cannot read " + listed.path + ": this pipeline writes it (" + output +
                       "), it would never come to an end");
  }
}

/// A file that is being read is watched by its task. Of others the inode may have gone to a new file.
void Catalog::update(Known& known, const Listed& listed, const Host& host) {
  const bool done = is_done(*known.chain, known.generation);
  const bool touched = known.file.look.size != listed.look.size || known.file.look.modified != listed.look.modified;
  const bool is_doubtful = known.file.path != listed.path || (done && (touched || !known.is_verified));
  if (is_doubtful) {
    const std::string start = start_of(listed);
    Seen* const seen = seen_of(*known.chain, known.generation);
    const bool is_alike = may_be_at(known.first, known.file.path, listed.path) && begins_with(start, known.first);
    const bool is_same = !touched && fingerprint_of(start) == known.first;
    const bool fits = is_alike && (!done || is_same || seen == nullptr || may_be_of_done(listed, start, *seen));
    if (!fits) {
      known_.erase(listed.look.key);
      return identify(listed, host);
    }
    // What its writer added late is in its copies too.
    if (done && seen != nullptr && seen->length && !is_packed(listed.path)) seen->length = listed.look.size;
    known.is_verified = done;
  }
  known.file = listed;
  known.seen = listings_;
}

/// It was read before, perhaps under another name.
bool Catalog::belongs_by_inode(const Listed& listed, const std::string& start, const Host& host) {
  const auto stored = host.positions.stored(owner_partition(listed.look.key));
  const auto owner = stored ? parse_owner(*stored) : std::nullopt;
  if (!owner || !owner->first.tells() || !begins_with(start, owner->first)) return false;
  Chain& chain = chain_of(owner->chain, host.positions);
  if (owner->generation == chain.generation && !chain.resolved) {
    static_cast<void>(resolve(chain, nullptr, host));
    if (known_.count(listed.look.key) != 0) return true;
  }
  const Seen* const seen = seen_of(chain, owner->generation);
  const bool is_read = is_done(chain, owner->generation) && (seen == nullptr || may_be_of_done(listed, start, *seen));
  const bool is_being_read = chain.resolved && owner->generation >= chain.reading && seen != nullptr &&
                             seen->key == listed.look.key && begins_with(start, seen->first);
  if (!is_read && !is_being_read) return false;
  known_[listed.look.key] = {&chain, owner->generation, owner->first, listed, listings_, is_read};
  return true;
}

/// Whether a file that begins like one that was read to its end may be that one: nothing of it is left to read. Read twice is better
/// than never, so it is not when it holds more or less.
bool Catalog::may_be_of_done(const Listed& listed, const std::string& start, const Seen& seen) const {
  const bool is_short = seen.first.bytes < Fingerprint::kBytes;
  if (is_short) return seen.first.tells() && fingerprint_of(start) == seen.first;
  if (!seen.length || is_packed(listed.path)) return true;
  return listed.look.key == seen.key ? listed.look.size >= *seen.length : listed.look.size == *seen.length;
}

/// Whether a file that nobody knows is a copy, perhaps compressed, of one that is known, or may become one.
bool Catalog::is_copy(const Listed& listed, const std::string& start, const Host& host) {
  for (const std::string& path : earlier_names(listed.path)) {
    if (chains_.count(path) == 0 && !host.positions.stored(path)) continue;
    Chain& chain = chain_of(path, host.positions);
    const bool is_resolved = resolve(chain, nullptr, host);
    if (known_.count(listed.look.key) != 0) return true;
    for (const Seen& seen : chain.history) {
      if (!seen.first.tells()) continue;
      const bool is_sought = !is_resolved && seen.generation == chain.generation;
      if (is_sought && begins_with(start, seen.first) && waits_as_copy(listed)) return true;  // it may grow to be that
      if (!is_sought && is_copy_of(listed, start, chain, seen)) return true;
    }
  }
  return false;
}

bool Catalog::is_copy_of(const Listed& listed, const std::string& start, Chain& chain, const Seen& seen) {
  const bool is_alike = begins_with(start, seen.first);
  if (!is_alike && start.size() >= seen.first.bytes) return false;
  const auto original = find_by_key(chain.path, seen.key);
  const std::string original_start = original ? start_of(*original) : "";
  const bool is_there = original && begins_with(original_start, seen.first);
  if (!is_alike)  // a copy that has hardly begun
    return is_there && original_start.starts_with(start) && waits_as_copy(listed);
  if (is_there) return is_part_of(listed, *original) && waits_as_copy(listed);
  if (!is_done(chain, seen.generation)) return options_.follows;  // the task that reads that one looks for its copy
  if (!may_be_of_done(listed, start, seen)) return false;
  settle(chain, seen, listed);
  return true;
}

/// It is a copy of a file that was read.
void Catalog::settle(Chain& chain, const Seen& seen, const Listed& listed) {
  known_[listed.look.key] = {&chain, seen.generation, seen.first, listed, listings_, true};
  held_.erase(listed.look.key);
  marks_[task_of(chain.path)].emplace_back(owner_partition(listed.look.key),
                                           to_text(Owner{chain.path, seen.generation, seen.first}));
}

bool Catalog::waits_as_copy(const Listed& listed) {
  if (!options_.follows) return false;
  const auto now = Clock::now();
  const auto [held, is_first] = held_.try_emplace(listed.look.key, Held{now, listed.look.size});
  if (!is_first && held->second.size != listed.look.size) held->second = {now, listed.look.size};
  return now - held->second.since < kCopyTime;
}

}  // namespace weir::plugins
