// The catalog's part that finds out whose a file is.
#include <algorithm>

#include "catalog.h"
#include "contents.h"

namespace weir::plugins {
namespace {

using std::chrono::seconds;

constexpr seconds kCopyTime{10};  // from the beginning of a copy to the truncation of what was copied

bool is_packed(const std::string& path) { return packing_of(path) != Packing::none; }

/// The paths that this one may be a rotated, copied or compressed name of: "a.log.1", "a.log", "a" of "a.log.1.gz".
std::vector<std::string> shorter_names(const std::string& path) {
  const std::size_t name = path.rfind('/') + 1;
  std::vector<std::string> shorter;
  for (std::size_t at = path.size(); at-- > name + 1;) {
    if (path[at] == '.' || path[at] == '-' || path[at] == '_') shorter.push_back(path.substr(0, at));
  }
  return shorter;
}

}  // namespace

void Catalog::identify(const Listed& listed, const Positions& positions) {
  refuse_output(listed);
  if (belongs_by_inode(listed, positions)) return;
  Chain& chain = chain_of(listed.path, positions);
  if (!chain.resolved) {
    resolve(chain, &listed);
    if (known_.count(listed.look.key) != 0) return;
  }
  if (is_copy(listed, positions)) return;
  Assignment next = enter_next(chain, listed);
  next.from_end = options_.starts_at_end && listings_ == 1 && next.generation == 1;
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

/// It was read before, perhaps under another name.
bool Catalog::belongs_by_inode(const Listed& listed, const Positions& positions) {
  const auto stored = positions.stored(owner_partition(listed.look.key));
  const auto owner = stored ? parse_owner(*stored) : std::nullopt;
  if (!owner || !owner->first.tells() || !begins_with(listed.path, owner->first)) return false;
  Chain& chain = chain_of(owner->chain, positions);
  if (chain.generation == owner->generation && !chain.resolved) resolve(chain, nullptr);
  if (known_.count(listed.look.key) != 0) return true;
  if (chain.generation <= owner->generation) return false;
  known_[listed.look.key] = {&chain, owner->generation, owner->first, listed.path, listed.look, listings_};
  return true;
}

/// Finds the file of the stored position and gives it to its task. FatalError: what is there instead is another one.
void Catalog::resolve(Chain& chain, const Listed* at_path) {
  const auto seen = std::find_if(chain.history.begin(), chain.history.end(),
                                 [&](const Seen& each) { return each.generation == chain.generation; });
  const bool has_mark = seen != chain.history.end();
  if (has_mark && seen->key.inode == 0) {
    chain.resolved = chain.vacant = true;
    return;
  }
  if (at_path == nullptr && !has_mark) return;
  const auto file = stored_file(chain, has_mark ? *seen : Seen{chain.generation, at_path->look.key, {}}, at_path);
  if (file) {
    const Seen marked = has_mark ? *seen : Seen{};  // enter() changes the history
    const bool was_changed = !begins_with(file->path, marked.first);
    Assignment found = enter(chain, *file, chain.generation, chain.offset);
    found.is_new = marked.key != found.key || marked.first != found.first;
    found.was_changed = was_changed;
    return give(std::move(found));
  }
  if (at_path == nullptr) return;  // nothing is there yet under that name
  const bool shorter = !is_packed(at_path->path) && at_path->look.size < chain.offset;
  throw FatalError(at_path->path +
                   (shorter ? " is shorter than the stored position (" + std::to_string(at_path->look.size) +
                                  " bytes, position " + std::to_string(chain.offset) + ")"
                            : " does not begin as it did when it was read up to byte " + std::to_string(chain.offset)) +
                   ": it is not the file it was, and that one is not in its folder under another name; --fresh reads "
                   "it from the start");
}

std::optional<Catalog::Listed> Catalog::stored_file(const Chain& chain, const Seen& seen, const Listed* at_path) const {
  const auto fits = [&](const Listed& file) {
    return (is_packed(file.path) || file.look.size >= chain.offset) && begins_with(file.path, seen.first);
  };
  if (at_path != nullptr && at_path->look.key == seen.key && fits(*at_path)) return *at_path;
  if (auto same = find_by_key(chain.path, seen.key); same && fits(*same)) return same;
  const bool tells = seen.first.tells() || chain.offset == 0;
  if (at_path != nullptr && tells && fits(*at_path))
    return *at_path;  // copied, restored, or its device has a new number
  if (auto copy = find_by_content(chain, seen, chain.offset)) return copy;
  // Someone mended what had not been read of it, in place.
  const bool may_be_mended = at_path != nullptr && at_path->look.key == seen.key && !is_packed(at_path->path) &&
                             chain.offset < seen.first.bytes && at_path->look.size >= chain.offset;
  if (may_be_mended && Contents(at_path->path, true).line_begins_at(chain.offset)) return *at_path;
  return std::nullopt;
}

/// By its inode: in the listing, or in the folder of `path` under any name.
std::optional<Catalog::Listed> Catalog::find_by_key(const std::string& path, const FileKey& key) const {
  if (const auto listed = by_key_.find(key); listed != by_key_.end()) {
    const Listed& file = listing_[listed->second];
    const auto look = look_at(file.path);
    if (look && look->key == key) return Listed{file.path, *look};
  }
  const std::string folder = folder_of(path);
  for (const FolderEntry& entry : entries_of(folder)) {
    if (entry.inode != key.inode) continue;
    std::string found = path_in(folder, entry.name);
    const auto look = look_at(found);
    if (look && look->regular && look->key == key) return Listed{std::move(found), *look};
  }
  return std::nullopt;
}

/// By how it begins: a copy or a compressed one beside it, the latest of several.
std::optional<Catalog::Listed> Catalog::find_by_content(const Chain& chain, const Seen& seen,
                                                        std::uint64_t size) const {
  if (!seen.first.tells()) return std::nullopt;
  const std::string folder = folder_of(chain.path);
  const std::string_view name = name_of(chain.path);
  const std::string_view stem = name.substr(0, std::max<std::size_t>(name.rfind('.'), 1));
  std::optional<Listed> found;
  for (const FolderEntry& entry : entries_of(folder)) {
    if (entry.name == name || !entry.name.starts_with(stem)) continue;
    std::string path = path_in(folder, entry.name);
    const auto look = look_at(path);
    if (!look || !look->regular || look->key == seen.key || belongs_elsewhere({path, *look}, chain, seen)) continue;
    if ((!is_packed(path) && look->size < size) || (found && found->look.modified > look->modified)) continue;
    if (begins_with(path, seen.first)) found = Listed{std::move(path), *look};
  }
  return found;
}

/// It is known as another one, and is not a new file with that one's inode.
bool Catalog::belongs_elsewhere(const Listed& file, const Chain& chain, const Seen& seen) const {
  const auto known = known_.find(file.look.key);
  if (known == known_.end()) return false;
  const Known& other = known->second;
  return (other.chain != &chain || other.generation != seen.generation) && other.first.tells() &&
         begins_with(file.path, other.first);
}

/// Whether a file that nobody knows holds what another one held that was rotated: a copy of it, perhaps compressed.
bool Catalog::is_copy(const Listed& listed, const Positions& positions) {
  for (const std::string& path : shorter_names(listed.path)) {
    if (chains_.count(path) == 0 && !positions.stored(path)) continue;
    Chain& chain = chain_of(path, positions);
    if (!chain.resolved) resolve(chain, nullptr);
    if (known_.count(listed.look.key) != 0) return true;
    // A copy that has hardly begun does not show yet what it is of.
    const std::uint32_t begun = Contents(listed.path, true).first().bytes;
    const bool may_be_begun = !chain.history.empty() && begun < chain.history.front().first.bytes;
    if (may_be_begun && options_.follows && waits_as_copy(listed.look.key)) return true;
    for (const Seen& seen : chain.history) {
      if (!seen.first.tells() || !begins_with(listed.path, seen.first)) continue;
      const auto original = find_by_key(path, seen.key);
      const bool is_there = original && begins_with(original->path, seen.first);
      const bool is_read = seen.generation < chain.generation || (!original && chain.resolved);
      if (!is_there && is_read) {
        known_[listed.look.key] = {&chain, seen.generation, seen.first, listed.path, listed.look, listings_};
        return true;
      }
      return options_.follows && waits_as_copy(listed.look.key);
    }
  }
  return false;
}

bool Catalog::waits_as_copy(const FileKey& key) {
  const auto [copy, added] = copies_.emplace(key, Clock::now());
  return Clock::now() - copy->second < kCopyTime;
}

}  // namespace weir::plugins
