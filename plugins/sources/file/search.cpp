// The catalog's part that finds the file of a position, whatever became of it.
#include <algorithm>
#include <weir/error.hpp>

#include "catalog.h"
#include "contents.h"
#include "names.h"

namespace weir::plugins {
/// What `look_into` sees in the contents of the very file that was listed.
template <typename LookInto>
auto Catalog::read_listed(const Listed& file, LookInto look_into) {
  try {
    Contents contents(file.path, true);
    if (contents.file().look().key == file.look.key) return look_into(contents);
  } catch (const FatalError&) {
    const auto now = look_at(file.path);
    if (now && now->key == file.look.key) throw;
  }
  throw Moved{};
}

std::string Catalog::start_of(const Listed& file) {
  return read_listed(file, [](const Contents& contents) { return contents.start(); });
}

/// Whether a file that begins like another one may be a copy of it, or of its first part: how it ends tells.
bool Catalog::is_part_of(const Listed& file, const Listed& original) {
  if (is_packed(file.path) || is_packed(original.path)) return true;
  constexpr std::uint64_t kEnd = 4096;
  const std::uint64_t length = std::min(file.look.size, kEnd);
  const auto bytes = [&](const Contents& contents) {
    std::string end(length, '\0');
    const std::int64_t got = contents.file().read_at(file.look.size - length, end);
    end.resize(static_cast<std::size_t>(std::max<std::int64_t>(got, 0)));
    return end;
  };
  return read_listed(file, bytes) == read_listed(original, bytes);
}

/// Finds the file of the stored position and gives it to its task. False: not found yet. FatalError: what is there instead is another
/// one, and no more will come as nothing is followed.
bool Catalog::resolve(Chain& chain, const Listed* at_path, const Host& host) {
  if (chain.resolved) return true;
  const Seen* const mark = seen_of(chain, chain.generation);
  if (mark != nullptr && mark->key.inode == 0) return chain.resolved = chain.vacant = true;
  if (mark == nullptr && at_path == nullptr) return false;
  const Seen seen = mark != nullptr ? *mark : Seen{chain.generation, at_path->look.key, {}};
  if (const auto file = stored_file(chain, seen, at_path)) {
    const bool was_changed = !begins_with(start_of(*file), seen.first);
    Assignment found = enter(chain, *file, chain.generation, chain.offset);
    found.is_new = mark == nullptr || seen.key != found.key || seen.first != found.first;
    found.was_changed = was_changed;
    give(std::move(found));
    return true;
  }
  if (at_path == nullptr) return false;  // nothing is there yet under that name
  if (!options_.follows)
    throw FatalError(loss(chain, *at_path) +
                     ": it is not the file it was, and that one is not in its folder under another name; --fresh reads "
                     "it from the start");
  if (!chain.missing.ends_now()) return false;
  host.log.warn(
      "A file that was read in part is gone, what was not read of it is lost; the one of its name is new. path=" +
      chain.path + " read=" + std::to_string(chain.offset) + " why=\"" + loss(chain, *at_path) + '"');
  give_up(chain, chain.generation);
  return chain.resolved = true;
}

std::string Catalog::loss(const Chain& chain, const Listed& at_path) const {
  const bool is_shorter = !is_packed(at_path.path) && at_path.look.size < chain.offset;
  return at_path.path + (is_shorter
                             ? " is shorter than the stored position (" + std::to_string(at_path.look.size) +
                                   " bytes, position " + std::to_string(chain.offset) + ")"
                             : " does not begin as it did when it was read up to byte " + std::to_string(chain.offset));
}

std::optional<Catalog::Listed> Catalog::stored_file(const Chain& chain, const Seen& seen, const Listed* at_path) const {
  const auto fits = [&](const Listed& file) {
    return (is_packed(file.path) || file.look.size >= chain.offset) && begins_with(start_of(file), seen.first);
  };
  if (auto same = find_by_key(chain.path, seen.key);
      same && may_be_at(seen.first, chain.path, same->path) && fits(*same))
    return same;
  const bool tells = seen.first.tells() || chain.offset == 0;
  if (at_path != nullptr && tells && fits(*at_path))
    return *at_path;  // copied, restored, or its device has a new number
  if (auto copy = find_by_content(chain, seen, chain.offset)) return copy;
  // Someone mended what had not been read of it, in place.
  const bool may_be_mended = at_path != nullptr && at_path->look.key == seen.key && !is_packed(at_path->path) &&
                             chain.offset < seen.first.bytes && at_path->look.size >= chain.offset;
  const auto begins_line = [&](Contents& contents) { return contents.line_begins_at(chain.offset); };
  if (may_be_mended && read_listed(*at_path, begins_line)) return *at_path;
  return std::nullopt;
}

/// Whether the inode has not gone on to a file of another chain: a start that tells nothing leaves that open.
bool Catalog::may_be_at(const Fingerprint& first, const std::string& before, const std::string& now) {
  return first.tells() || may_have_moved(before, now);
}

std::optional<Catalog::Whereabouts> Catalog::find(const Assignment& file) {
  const std::lock_guard lock(mutex_);
  const Chain& chain = *chains_.at(file.chain);
  const auto known = known_.find(file.key);
  const bool is_known =
      known != known_.end() && known->second.chain == &chain && known->second.generation == file.generation;
  try {
    for (const std::string& near : {is_known ? known->second.file.path : file.path, file.path, file.chain}) {
      const auto found = find_by_key(near, file.key);
      const bool is_its_own =
          found && (is_known || file.first.tells()) && may_be_at(file.first, file.path, found->path);
      if (is_its_own && begins_with(start_of(*found), file.first)) return Whereabouts{found->path, file.key};
    }
    const auto copy = find_by_content(chain, {file.generation, file.key, file.first}, file.offset);
    if (copy) return Whereabouts{copy->path, copy->look.key};
  } catch (const Moved&) {  // the next time it is found
  }
  return std::nullopt;
}

std::optional<Assignment> Catalog::copy_of(const Assignment& file) {
  const std::lock_guard lock(mutex_);
  Chain& chain = *chains_.at(file.chain);
  try {
    const auto copy = find_by_content(chain, {file.generation, file.key, file.first}, file.offset);
    if (copy) return enter(chain, *copy, file.generation, file.offset);
  } catch (const Moved&) {  // the next time it is found
  }
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

/// By how it begins: a copy or a compressed one beside it that goes at least up to `size`. Of several the latest, and one that is not
/// compressed first: that is complete.
std::optional<Catalog::Listed> Catalog::find_by_content(const Chain& chain, const Seen& seen,
                                                        std::uint64_t size) const {
  if (!seen.first.tells()) return std::nullopt;
  const std::string folder = folder_of(chain.path);
  const std::string_view name = name_of(chain.path);
  const std::string_view stem = name.substr(0, std::max<std::size_t>(name.rfind('.'), 1));
  const auto rank = [](const Listed& file) { return std::pair(!is_packed(file.path), file.look.modified); };
  std::optional<Listed> found;
  for (const FolderEntry& entry : entries_of(folder)) {
    if (entry.name == name || !entry.name.starts_with(stem)) continue;
    Listed file{path_in(folder, entry.name), {}};
    const auto look = look_at(file.path);
    if (!look || !look->regular || look->key == seen.key) continue;
    file.look = *look;
    if (found && rank(*found) > rank(file)) continue;
    if (goes_on_in(file, chain, seen, size)) found = std::move(file);
  }
  return found;
}

/// Whether it holds what that file held, up to there at least.
bool Catalog::goes_on_in(const Listed& file, const Chain& chain, const Seen& seen, std::uint64_t size) const {
  const auto holds_it = [&](Contents& contents) {
    const std::string start = contents.start();
    return begins_with(start, seen.first) && !belongs_elsewhere(file, start, chain, seen) && contents.reaches(size);
  };
  try {
    return read_listed(file, holds_it);
  } catch (const FatalError&) {
    return false;  // it cannot be read, or is damaged
  }
}

/// It is known as another one, and is not a new file with that one's inode.
bool Catalog::belongs_elsewhere(const Listed& file, const std::string& start, const Chain& chain,
                                const Seen& seen) const {
  const auto known = known_.find(file.look.key);
  if (known == known_.end()) return false;
  const Known& other = known->second;
  const bool is_other = other.chain != &chain || other.generation != seen.generation;
  return is_other && other.first.tells() && begins_with(start, other.first);
}

}  // namespace weir::plugins
