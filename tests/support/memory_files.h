#pragma once
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "spool/files.h"

namespace weir::host::spool::test {

/// A disk in memory that can lose its power. What was written is seen at once, but only what was synced is sure to be there after
/// crash(): of the rest some sectors are, some are not, and names come and go in the order in which they were changed. A sync that
/// fails throws away what it should have made durable, and the next one says that all is well, as Linux does. Everything random comes
/// from the seed. Thread-safe.
class MemoryFiles final : public FileSystem {
 public:
  /// How often something fails, of 1000 calls.
  struct Faults {
    int write = 0;        // EIO, some of it written
    int short_write = 0;  // ENOSPC, some of it written
    int sync = 0;         // EIO
    int sync_folder = 0;
    int create = 0;  // ENOSPC
    int remove = 0;
    int read = 0;
  };

  explicit MemoryFiles(std::uint64_t seed) : random_(seed) {}

  /// The power goes off, and on again. Files that are open are useless; locks are gone.
  void crash();
  /// The process is killed: what it wrote stays.
  void kill();
  /// After so many more calls that change something, none does: they fail with EIO until crash(). Negative: never.
  void die_after(int changes);
  void set_faults(const Faults& faults);
  /// The next syncs of files fail, so many.
  void fail_syncs(int count);
  /// Bytes that all files together may have.
  void set_capacity(std::uint64_t bytes);

  /// The bytes of a file as they are seen; empty: there is none.
  [[nodiscard]] std::string content(const std::string& path) const;
  /// Changes one byte of a file, durably.
  void flip(const std::string& path, std::uint64_t offset, unsigned char bits = 0x40);
  [[nodiscard]] std::vector<std::string> paths() const;
  /// How many calls changed something so far.
  [[nodiscard]] std::uint64_t changes() const;
  /// Of reads: calls and bytes.
  [[nodiscard]] std::uint64_t bytes_read() const;
  /// Of what was synced: how much the kernel was told to forget.
  [[nodiscard]] std::uint64_t bytes_released() const;

  int open(const std::string& path, Open how, std::unique_ptr<File>& file) override;
  int list(const std::string& folder, std::vector<FolderEntry>& entries) override;
  int make_folder(const std::string& path) override;
  int sync_folder(const std::string& path) override;
  int rename(const std::string& from, const std::string& to) override;
  int remove(const std::string& path) override;
  int lock(const std::string& path, std::unique_ptr<FileLock>& lock) override;
  int free_space(const std::string& folder, std::uint64_t& bytes) override;

 private:
  friend class MemoryFile;
  friend class MemoryLock;

  /// A file's bytes. `changed`: sectors that may differ from `durable`.
  struct Node {
    std::string seen;
    std::string durable;
    std::set<std::uint64_t> changed;
  };
  using Names = std::map<std::string, std::shared_ptr<Node>>;
  struct NameChange {
    std::string path;
    std::shared_ptr<Node> node;  // null: it goes
    std::string goes;            // of a rename: the old name
  };

  [[nodiscard]] bool hits(int of_1000);
  [[nodiscard]] bool may_change();
  [[nodiscard]] std::uint64_t used() const;
  static void apply(Names& names, const NameChange& change);
  void change_name(const NameChange& change);
  void tear(Node& node);

  mutable std::mutex mutex_;
  std::mt19937_64 random_;
  Faults faults_;
  Names names_;
  Names durable_names_;
  std::deque<NameChange> pending_;  // seen, not in durable_names_ yet
  std::set<std::string> locked_;
  std::uint64_t epoch_ = 0;  // of locks
  std::uint64_t capacity_ = ~std::uint64_t{0};
  std::uint64_t changes_ = 0;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t bytes_released_ = 0;
  int failing_syncs_ = 0;
  int left_ = -1;  // changes until it dies
};

}  // namespace weir::host::spool::test
