#include "catalog.h"

#include <algorithm>

#include "contents.h"

namespace weir::plugins {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kListInterval{500};
constexpr int kShareOfTime = 20;      // listing takes at most one part in so many
constexpr std::size_t kHistory = 16;  // files of one path that are remembered by their starts

void remember(std::vector<Seen>& history, const Seen& seen) {
  history.insert(history.begin(), seen);
  if (history.size() > kHistory) history.resize(kHistory);
}

}  // namespace

std::shared_ptr<Catalog> Catalog::shared(const std::string& connector, Options options) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<Catalog>> all;
  const std::lock_guard lock(mutex);
  std::erase_if(all, [](const auto& each) { return each.second.expired(); });
  std::weak_ptr<Catalog>& known = all[connector];
  std::shared_ptr<Catalog> catalog = known.lock();  // shared: the tasks of a connector come and go in no order
  if (!catalog) known = catalog = std::make_shared<Catalog>(std::move(options));
  return catalog;
}

void Catalog::look(const Positions& positions, const Log& log) {
  const std::lock_guard lock(mutex_);
  const auto begin = Clock::now();
  if (begin < next_look_) return;
  list(positions, log);
  const auto end = Clock::now();
  next_look_ = options_.follows ? end + std::max<Clock::duration>(kListInterval, (end - begin) * kShareOfTime)
                                : Clock::time_point::max();
}

void Catalog::list(const Positions& positions, const Log& log) {
  ++listings_;
  gather(log);
  for (const Listed& listed : listing_) place(listed, positions);
  if (!options_.pattern.has_wildcards() && listing_.empty()) {  // rotated, and its successor is not there yet
    Chain& chain = chain_of(options_.pattern.text(), positions);
    if (!chain.resolved) resolve(chain, nullptr);
  }
  // An inode that is gone will be given to another file.
  std::erase_if(known_, [this](const auto& each) {
    return each.second.seen + 1 < listings_ && each.second.generation < each.second.chain->generation;
  });
  std::erase_if(copies_, [this](const auto& each) { return by_key_.count(each.first) == 0; });
}

void Catalog::place(const Listed& listed, const Positions& positions) {
  const auto known = known_.find(listed.look.key);
  try {
    known == known_.end() ? identify(listed, positions) : update(known->second, listed, positions);
  } catch (const FatalError&) {
    // Renamed or removed since it was listed: the next listing tells how.
    const auto now = look_at(listed.path);
    if (options_.follows && (!now || now->key != listed.look.key)) return;
    throw;
  }
}

void Catalog::gather(const Log& log) {
  listing_.clear();
  by_key_.clear();
  for (std::string& path : options_.pattern.files()) {
    const auto look = look_at(path);
    if (!look && !options_.pattern.has_wildcards() && !options_.follows) RawFile missing(path);  // says what is wrong
    if (!look) continue;
    if (!look->regular) {
      if (!options_.pattern.has_wildcards()) RawFile refused(path);
      continue;
    }
    if (by_key_.emplace(look->key, listing_.size()).second) listing_.push_back({std::move(path), *look});
  }
  if (listing_.empty() && !warned_) log.warn("No file to read is there. path=" + options_.pattern.text());
  warned_ = listing_.empty();
}

void Catalog::update(Known& known, const Listed& listed, const Positions& positions) {
  // A file that is being read is watched by its task; but the inode of another one may have gone to a new file.
  const bool is_done = known.generation < known.chain->generation;
  const bool touched = known.look.size != listed.look.size || known.look.modified != listed.look.modified;
  const bool is_doubtful = known.path != listed.path || (is_done && touched);
  // Read twice is better than never: a start that tells nothing does not make a file one that was read.
  const bool is_told = !is_done || known.first.tells();
  const bool fits = !is_doubtful || (is_told && begins_with(listed.path, known.first));
  if (!fits) {
    known_.erase(listed.look.key);
    return identify(listed, positions);
  }
  known.path = listed.path;
  known.look = listed.look;
  known.seen = listings_;
}

std::vector<Assignment> Catalog::take(std::uint32_t task) {
  const std::lock_guard lock(mutex_);
  return std::exchange(found_[task], {});
}

void Catalog::forget(std::uint32_t task) {
  const std::lock_guard lock(mutex_);
  found_.erase(task);
  std::erase_if(known_, [&](const auto& each) { return task_of(each.second.chain->path) == task; });
  std::erase_if(chains_, [&](const auto& each) { return task_of(each.first) == task; });
  next_look_ = {};
}

std::uint32_t Catalog::task_of(const std::string& chain) const {
  const std::uint64_t hash = fnv1a(chain);
  return static_cast<std::uint32_t>((hash ^ (hash >> 32)) % options_.tasks);
}

Catalog::Chain& Catalog::chain_of(const std::string& path, const Positions& positions) {
  std::unique_ptr<Chain>& chain = chains_[path];
  if (chain) return *chain;
  chain = std::make_unique<Chain>();
  chain->path = path;
  const auto stored = positions.stored(path);
  if (!stored) return *chain;
  const auto place = parse_place(*stored);
  if (!place) throw FatalError("the stored position of " + path + " is no offset; --fresh reads it from the start");
  chain->generation = place->generation;
  chain->offset = place->offset;
  chain->history = parse_history(positions.stored(history_partition(path)).value_or(""));
  chain->resolved = false;
  return *chain;
}

/// Takes note of a file of the chain.
Assignment Catalog::enter(Chain& chain, const Listed& file, std::uint32_t generation, std::uint64_t offset) {
  const Contents contents(file.path, true);
  if (contents.file().look().key != file.look.key) throw FatalError(file.path + " was replaced while it was opened");
  const Fingerprint first = contents.first();
  std::erase_if(chain.history, [&](const Seen& seen) { return seen.generation == generation; });
  remember(chain.history, {generation, file.look.key, first});
  chain.generation = std::max(chain.generation, generation);
  chain.resolved = true;
  chain.vacant = false;
  known_[file.look.key] = {&chain, generation, first, file.path, file.look, listings_};
  copies_.erase(file.look.key);
  return {chain.path, generation, file.path, file.look.key, first, offset, true, false, false, to_text(chain.history)};
}

Assignment Catalog::enter_next(Chain& chain, const Listed& file) {
  return enter(chain, file, chain.vacant ? chain.generation : chain.generation + 1, 0);
}

void Catalog::give(Assignment file) { found_[task_of(file.chain)].push_back(std::move(file)); }

std::optional<Catalog::Whereabouts> Catalog::find(const Assignment& file) {
  const std::lock_guard lock(mutex_);
  const auto known = known_.find(file.key);
  for (const std::string& near : {known == known_.end() ? file.path : known->second.path, file.path, file.chain}) {
    const auto found = find_by_key(near, file.key);
    if (found && begins_with(found->path, file.first)) return Whereabouts{found->path, file.key};
  }
  const auto copy = find_by_content(*chains_.at(file.chain), {file.generation, file.key, file.first}, file.offset);
  if (!copy) return std::nullopt;
  return Whereabouts{copy->path, copy->look.key};
}

std::vector<Assignment> Catalog::begin_anew(const Assignment& file) {
  const std::lock_guard lock(mutex_);
  Chain& chain = *chains_.at(file.chain);
  std::vector<Assignment> next;
  if (auto copy = find_by_content(chain, {file.generation, file.key, file.first}, file.offset)) {
    next.push_back(enter(chain, *copy, file.generation, file.offset));
  }
  const auto look = look_at(file.path);
  // One that was rotated has its successor already; nothing comes before that one.
  if (look && look->key == file.key && chain.generation == file.generation)
    next.push_back(enter_next(chain, {file.path, *look}));
  return next;
}

std::optional<Assignment> Catalog::close(const Assignment& file) {
  const std::lock_guard lock(mutex_);
  Chain& chain = *chains_.at(file.chain);
  if (chain.generation != file.generation) return std::nullopt;
  ++chain.generation;
  chain.vacant = true;
  remember(chain.history, {chain.generation, {}, {}});
  return Assignment{chain.path, chain.generation, file.path, {}, {}, 0, true, false, false, to_text(chain.history)};
}

std::string Catalog::refine(const Assignment& file) {
  const std::lock_guard lock(mutex_);
  Chain& chain = *chains_.at(file.chain);
  for (Seen& seen : chain.history) {
    if (seen.generation == file.generation) seen.first = file.first;
  }
  if (const auto known = known_.find(file.key); known != known_.end()) known->second.first = file.first;
  return to_text(chain.history);
}

}  // namespace weir::plugins
