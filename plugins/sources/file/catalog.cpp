#include "catalog.h"

#include <algorithm>

namespace weir::plugins {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kListInterval{500};
constexpr int kShareOfTime = 20;      // listing takes at most one part in so many
constexpr std::size_t kHistory = 32;  // files of one path that are remembered by their starts

void remember(std::vector<Seen>& history, const Seen& seen) {
  const auto older =
      std::find_if(history.begin(), history.end(), [&](const Seen& each) { return each.generation < seen.generation; });
  history.insert(older, seen);
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

void Catalog::look(const Host& host) {
  const std::lock_guard lock(mutex_);
  const auto begin = Clock::now();
  if (begin < next_look_) return;
  list(host);
  const auto end = Clock::now();
  next_look_ = options_.follows ? end + std::max<Clock::duration>(kListInterval, (end - begin) * kShareOfTime)
                                : Clock::time_point::max();
}

void Catalog::list(const Host& host) {
  ++listings_;
  gather(host);
  for (const Listed& listed : listing_) place(listed, host);
  if (!options_.pattern.has_wildcards() && listing_.empty())  // rotated, and its successor is not there yet
    static_cast<void>(resolve(chain_of(options_.pattern.text(), host.positions), nullptr, host));
  forget_gone();
}

void Catalog::place(const Listed& listed, const Host& host) {
  const auto known = known_.find(listed.look.key);
  try {
    known == known_.end() ? identify(listed, host) : update(known->second, listed, host);
  } catch (const Moved&) {  // the next listing tells where to
    if (!options_.follows) throw FatalError(listed.path + " was moved or replaced while it was opened");
  }
}

/// An inode that is gone will be given to another file.
void Catalog::forget_gone() {
  std::erase_if(known_, [this](const auto& each) {
    const Known& known = each.second;
    return known.seen + 1 < listings_ && known.generation < known.chain->reading;
  });
  const auto is_gone = [this](const FileKey& key) { return by_key_.count(key) == 0; };
  std::erase_if(held_, [&](const auto& each) { return is_gone(each.first); });
  std::erase_if(at_start_, is_gone);
}

void Catalog::gather(const Host& host) {
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
    if (options_.starts_at_end && listings_ == 1) at_start_.insert(look->key);
    if (by_key_.emplace(look->key, listing_.size()).second) listing_.push_back({std::move(path), *look});
  }
  if (listing_.empty() && !warned_) host.log.warn("No file to read is there. path=" + options_.pattern.text());
  warned_ = listing_.empty();
}

std::vector<Assignment> Catalog::take(std::uint32_t task) {
  const std::lock_guard lock(mutex_);
  return std::exchange(found_[task], {});
}

std::vector<Catalog::Mark> Catalog::take_marks(std::uint32_t task) {
  const std::lock_guard lock(mutex_);
  return std::exchange(marks_[task], {});
}

void Catalog::forget(std::uint32_t task) {
  const std::lock_guard lock(mutex_);
  found_.erase(task);
  marks_.erase(task);
  std::erase_if(known_, [&](const auto& each) { return task_of(each.second.chain->path) == task; });
  std::erase_if(chains_, [&](const auto& each) { return task_of(each.first) == task; });
  next_look_ = {};
}

std::uint32_t Catalog::task_of(const std::string& chain) const {
  const std::uint64_t hash = fnv1a(chain);
  return static_cast<std::uint32_t>((hash ^ (hash >> 32)) % options_.tasks);
}

Catalog::Chain& Catalog::chain_of(const std::string& path, const Positions& positions) {
  std::unique_ptr<Chain>& known = chains_[path];
  if (known) return *known;
  auto chain = std::make_unique<Chain>();
  chain->path = path;
  if (const auto stored = positions.stored(path)) {
    const auto place = parse_place(*stored);
    if (!place) throw FatalError("the stored position of " + path + " is no offset; --fresh reads it from the start");
    chain->generation = chain->reading = place->generation;
    chain->offset = place->offset;
    chain->history = parse_history(positions.stored(history_partition(path)).value_or(""));
    // Of one that was known but not begun nothing is stored: it is new.
    std::erase_if(chain->history, [&](const Seen& seen) { return seen.generation > place->generation; });
    chain->resolved = false;
  }
  known = std::move(chain);
  return *known;
}

/// Whether all of that file was read. Of one that was given up nobody knows.
bool Catalog::is_done(const Chain& chain, std::uint32_t generation) {
  if (generation >= chain.reading) return false;
  const auto seen = std::find_if(chain.history.begin(), chain.history.end(),
                                 [&](const Seen& each) { return each.generation == generation; });
  return seen == chain.history.end() || seen->key.inode != 0;
}

/// What was not read of it is lost, as far as anybody knows.
void Catalog::give_up(Chain& chain, std::uint32_t generation) {
  chain.reading = std::max(chain.reading, generation + 1);
  if (Seen* seen = seen_of(chain, generation)) *seen = {generation, {}, {}};
}

Seen* Catalog::seen_of(Chain& chain, std::uint32_t generation) {
  for (Seen& seen : chain.history) {
    if (seen.generation == generation) return &seen;
  }
  return nullptr;
}

/// Takes note of a file of the chain.
Assignment Catalog::enter(Chain& chain, const Listed& file, std::uint32_t generation, std::uint64_t offset) {
  const Fingerprint first = fingerprint_of(start_of(file));
  std::erase_if(chain.history, [&](const Seen& seen) { return seen.generation == generation; });
  remember(chain.history, {generation, file.look.key, first});
  chain.generation = std::max(chain.generation, generation);
  chain.resolved = true;
  chain.vacant = false;
  known_[file.look.key] = {&chain, generation, first, file, listings_};
  held_.erase(file.look.key);
  return {chain.path, generation, file.path, file.look.key, first, offset, true};
}

Assignment Catalog::enter_next(Chain& chain, const Listed& file) {
  return enter(chain, file, chain.vacant ? chain.generation : chain.generation + 1, 0);
}

void Catalog::give(Assignment file) { found_[task_of(file.chain)].push_back(std::move(file)); }

void Catalog::adopt(const Assignment& file, const Whereabouts& copy) {
  const std::lock_guard lock(mutex_);
  Chain& chain = *chains_.at(file.chain);
  const auto look = look_at(copy.path);
  if (!look || look->key != copy.key) return;
  known_[copy.key] = {&chain, file.generation, file.first, {copy.path, *look}, listings_};
  held_.erase(copy.key);
  if (Seen* seen = seen_of(chain, file.generation)) seen->key = copy.key;
}

std::optional<Assignment> Catalog::begin_anew(const Assignment& file) {
  const std::lock_guard lock(mutex_);
  Chain& chain = *chains_.at(file.chain);
  const auto known = known_.find(file.key);
  const bool is_its_own =
      known == known_.end() || (known->second.chain == &chain && known->second.generation == file.generation);
  const auto look = look_at(file.path);
  // One that was rotated has its successor already; nothing comes before that one.
  if (!is_its_own || !look || look->key != file.key || chain.generation != file.generation) return std::nullopt;
  try {
    return enter_next(chain, {file.path, *look});
  } catch (const Moved&) {
    known_.erase(file.key);
    return std::nullopt;
  }
}

std::optional<Assignment> Catalog::close(const Assignment& file) {
  const std::lock_guard lock(mutex_);
  Chain& chain = *chains_.at(file.chain);
  if (chain.generation != file.generation) return std::nullopt;
  ++chain.generation;
  chain.vacant = true;
  remember(chain.history, {chain.generation, {}, {}});
  return Assignment{chain.path, chain.generation, file.path, {}, {}, 0, true};
}

void Catalog::finish(const Assignment& file, std::uint64_t length) {
  const std::lock_guard lock(mutex_);
  Chain& chain = *chains_.at(file.chain);
  chain.reading = std::max(chain.reading, file.generation + 1);
  if (Seen* seen = seen_of(chain, file.generation)) seen->length = length;
}

void Catalog::abandon(const Assignment& file) {
  const std::lock_guard lock(mutex_);
  Chain& chain = *chains_.at(file.chain);
  give_up(chain, file.generation);
  std::erase_if(known_, [&](const auto& each) {
    return each.second.chain == &chain && each.second.generation == file.generation;
  });
}

void Catalog::refine(const Assignment& file) {
  const std::lock_guard lock(mutex_);
  if (Seen* seen = seen_of(*chains_.at(file.chain), file.generation)) seen->first = file.first;
  const auto known = known_.find(file.key);
  if (known != known_.end() && known->second.chain->path == file.chain && known->second.generation == file.generation)
    known->second.first = file.first;
}

std::string Catalog::history(const Assignment& file) {
  const std::lock_guard lock(mutex_);
  std::vector<Seen> history = chains_.at(file.chain)->history;
  std::erase_if(history, [&](const Seen& seen) { return seen.generation > file.generation; });
  return to_text(history);
}

}  // namespace weir::plugins
