#include "memory_files.h"

#include <algorithm>
#include <cerrno>

namespace weir::host::spool::test {
namespace {

constexpr std::uint64_t kSector = 512;

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

}  // namespace

class MemoryFile final : public File {
 public:
  MemoryFile(MemoryFiles& files, std::shared_ptr<MemoryFiles::Node> node) : files_(files), node_(std::move(node)) {}

  int write(std::uint64_t offset, std::span<const std::string_view> parts, std::uint64_t& written) override {
    const std::lock_guard lock(files_.mutex_);
    written = 0;
    std::string all;
    for (const std::string_view part : parts) all += part;
    if (!files_.may_change()) {
      put(offset, all.substr(0, files_.random_() % (all.size() + 1)));  // the power fails in the middle
      return EIO;
    }
    int error = 0;
    if (files_.hits(files_.faults_.write)) error = EIO;
    if (files_.hits(files_.faults_.short_write)) error = ENOSPC;
    const std::uint64_t more = offset + all.size() > node_->seen.size() ? offset + all.size() - node_->seen.size() : 0;
    if (files_.used() + more > files_.capacity_) error = ENOSPC;
    if (error != 0) all.resize(files_.random_() % (all.size() + 1));
    if (error == ENOSPC && offset + all.size() > node_->seen.size()) {
      const std::uint64_t room = files_.capacity_ - std::min(files_.capacity_, files_.used());
      all.resize(std::min<std::uint64_t>(
          all.size(), node_->seen.size() - std::min<std::uint64_t>(offset, node_->seen.size()) + room));
    }
    put(offset, all);
    written = all.size();
    return error;
  }

  int read(std::uint64_t offset, std::span<char> into, std::size_t& got) override {
    const std::lock_guard lock(files_.mutex_);
    got = 0;
    if (files_.left_ == 0 || files_.hits(files_.faults_.read)) return EIO;
    if (offset < node_->seen.size()) got = node_->seen.copy(into.data(), into.size(), offset);
    files_.bytes_read_ += got;
    return 0;
  }

  int sync() override {
    const std::lock_guard lock(files_.mutex_);
    if (!files_.may_change()) return EIO;
    const bool fails = files_.failing_syncs_ > 0 ? files_.failing_syncs_-- > 0 : files_.hits(files_.faults_.sync);
    if (!fails) {
      // What an earlier failing sync threw away is not in `changed` any more and stays lost.
      for (const std::uint64_t sector : node_->changed) copy_sector(sector);
      node_->durable.resize(node_->seen.size());
    }
    node_->changed.clear();
    return fails ? EIO : 0;
  }

  int truncate(std::uint64_t size) override {
    const std::lock_guard lock(files_.mutex_);
    if (!files_.may_change()) return EIO;
    node_->seen.resize(size);
    if (size % kSector != 0) node_->changed.insert(size / kSector);
    return 0;
  }

  int size(std::uint64_t& bytes) override {
    const std::lock_guard lock(files_.mutex_);
    bytes = node_->seen.size();
    return 0;
  }

  void release_cache(std::uint64_t offset, std::uint64_t size) override {
    const std::lock_guard lock(files_.mutex_);
    files_.bytes_released_ += std::min<std::uint64_t>(offset + size, node_->durable.size()) - offset;
  }

 private:
  void put(std::uint64_t offset, const std::string& bytes) {
    if (bytes.empty()) return;
    if (node_->seen.size() < offset + bytes.size()) node_->seen.resize(offset + bytes.size());
    node_->seen.replace(offset, bytes.size(), bytes);
    for (std::uint64_t at = offset / kSector; at <= (offset + bytes.size() - 1) / kSector; ++at)
      node_->changed.insert(at);
  }
  void copy_sector(std::uint64_t sector) {
    const std::uint64_t start = sector * kSector;
    if (start >= node_->seen.size()) return;
    const std::string bytes = node_->seen.substr(start, kSector);
    if (node_->durable.size() < start + bytes.size()) node_->durable.resize(start + bytes.size());
    node_->durable.replace(start, bytes.size(), bytes);
  }

  MemoryFiles& files_;
  const std::shared_ptr<MemoryFiles::Node> node_;  // shared with the names it has
};

class MemoryLock final : public FileLock {
 public:
  MemoryLock(MemoryFiles& files, std::string path) : files_(files), path_(std::move(path)), epoch_(files.epoch_) {}
  ~MemoryLock() override {
    const std::lock_guard lock(files_.mutex_);
    if (epoch_ == files_.epoch_) files_.locked_.erase(path_);
  }

 private:
  MemoryFiles& files_;
  const std::string path_;
  const std::uint64_t epoch_;
};

bool MemoryFiles::hits(int of_1000) { return of_1000 > 0 && static_cast<int>(random_() % 1000) < of_1000; }

bool MemoryFiles::may_change() {
  if (left_ == 0) return false;
  if (left_ > 0) --left_;
  ++changes_;
  return true;
}

std::uint64_t MemoryFiles::used() const {
  std::uint64_t bytes = 0;
  for (const auto& [path, node] : names_) bytes += node->seen.size();
  return bytes;
}

void MemoryFiles::apply(Names& names, const NameChange& change) {
  if (!change.goes.empty()) names.erase(change.goes);
  if (change.node == nullptr) {
    names.erase(change.path);
  } else {
    names[change.path] = change.node;
  }
}

void MemoryFiles::change_name(const NameChange& change) {
  apply(names_, change);
  pending_.push_back(change);
}

/// Each sector that was not synced is as it was, or as it was to be; the size is somewhere between.
void MemoryFiles::tear(Node& node) {
  const std::uint64_t least = std::min(node.seen.size(), node.durable.size());
  const std::uint64_t most = std::max(node.seen.size(), node.durable.size());
  const std::uint64_t size =
      node.changed.empty() && node.seen.size() == node.durable.size() ? most : least + random_() % (most - least + 1);
  for (const std::uint64_t sector : node.changed) {
    const std::uint64_t start = sector * kSector;
    if (random_() % 2 == 0 || start >= node.seen.size()) continue;
    const std::string bytes = node.seen.substr(start, kSector);
    if (node.durable.size() < start + bytes.size()) node.durable.resize(start + bytes.size());
    node.durable.replace(start, bytes.size(), bytes);
  }
  node.durable.resize(size);
  node.seen = node.durable;
  node.changed.clear();
}

void MemoryFiles::crash() {
  const std::lock_guard lock(mutex_);
  std::size_t kept = pending_.empty() ? 0 : random_() % (pending_.size() + 1);
  for (; kept > 0; --kept, pending_.pop_front()) apply(durable_names_, pending_.front());
  pending_.clear();
  names_.clear();
  for (auto& [path, node] : durable_names_) {
    auto copy = std::make_shared<Node>(*node);  // handles from before see another one
    tear(*copy);
    node = copy;
    names_[path] = copy;
  }
  locked_.clear();
  ++epoch_;
  left_ = -1;
}

void MemoryFiles::kill() {
  const std::lock_guard lock(mutex_);
  locked_.clear();
  ++epoch_;
  left_ = -1;
}

void MemoryFiles::die_after(int changes) {
  const std::lock_guard lock(mutex_);
  left_ = changes;
}

void MemoryFiles::set_faults(const Faults& faults) {
  const std::lock_guard lock(mutex_);
  faults_ = faults;
}

void MemoryFiles::fail_syncs(int count) {
  const std::lock_guard lock(mutex_);
  failing_syncs_ = count;
}

void MemoryFiles::set_capacity(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  capacity_ = bytes;
}

std::string MemoryFiles::content(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = names_.find(path);
  return found == names_.end() ? std::string() : found->second->seen;
}

void MemoryFiles::flip(const std::string& path, std::uint64_t offset, unsigned char bits) {
  const std::lock_guard lock(mutex_);
  Node& node = *names_.at(path);
  for (std::string* bytes : {&node.seen, &node.durable}) {
    if (offset < bytes->size()) (*bytes)[offset] = static_cast<char>((*bytes)[offset] ^ bits);
  }
}

std::vector<std::string> MemoryFiles::paths() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> all;
  for (const auto& [path, node] : names_) all.push_back(path);
  return all;
}

std::uint64_t MemoryFiles::changes() const {
  const std::lock_guard lock(mutex_);
  return changes_;
}

std::uint64_t MemoryFiles::bytes_released() const {
  const std::lock_guard lock(mutex_);
  return bytes_released_;
}

std::uint64_t MemoryFiles::bytes_read() const {
  const std::lock_guard lock(mutex_);
  return bytes_read_;
}

int MemoryFiles::open(const std::string& path, Open how, std::unique_ptr<File>& file) {
  const std::lock_guard lock(mutex_);
  if (left_ == 0) return EIO;
  const auto found = names_.find(path);
  if (how != Open::create) {
    if (found == names_.end()) return ENOENT;
    file = std::make_unique<MemoryFile>(*this, found->second);
    return 0;
  }
  if (found != names_.end()) return EEXIST;
  if (!may_change()) return EIO;
  if (hits(faults_.create)) return ENOSPC;
  auto node = std::make_shared<Node>();
  change_name({path, node, {}});
  file = std::make_unique<MemoryFile>(*this, std::move(node));
  return 0;
}

int MemoryFiles::list(const std::string& folder, std::vector<FolderEntry>& entries) {
  const std::lock_guard lock(mutex_);
  entries.clear();
  if (left_ == 0) return EIO;
  for (const auto& [path, node] : names_) {
    if (folder_of(path) == folder) entries.push_back({path.substr(folder.size() + 1), node->seen.size()});
  }
  return 0;
}

int MemoryFiles::make_folder(const std::string&) { return 0; }

int MemoryFiles::sync_folder(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (!may_change() || hits(faults_.sync_folder)) return EIO;
  // All folders: a journal does not leave one out.
  static_cast<void>(path);
  for (const NameChange& change : pending_) apply(durable_names_, change);
  pending_.clear();
  return 0;
}

int MemoryFiles::rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  if (!may_change()) return EIO;
  const auto found = names_.find(from);
  if (found == names_.end()) return ENOENT;
  change_name({to, found->second, from});
  return 0;
}

int MemoryFiles::remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (!may_change() || hits(faults_.remove)) return EIO;
  if (names_.find(path) == names_.end()) return ENOENT;
  change_name({path, nullptr, {}});
  return 0;
}

int MemoryFiles::lock(const std::string& path, std::unique_ptr<FileLock>& lock) {
  {
    const std::lock_guard guard(mutex_);
    if (left_ == 0) return EIO;
    if (!locked_.insert(path).second) return EWOULDBLOCK;
  }
  lock = std::make_unique<MemoryLock>(*this, path);
  return 0;
}

int MemoryFiles::free_space(const std::string&, std::uint64_t& bytes) {
  const std::lock_guard lock(mutex_);
  bytes = capacity_ - std::min(capacity_, used());
  return 0;
}

}  // namespace weir::host::spool::test
