#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the spool asks of a disk. Errors are errno values, 0 is none, so that the caller can tell a full disk from a broken one.
/// Paths are absolute.
namespace weir::host::spool {

/// An open file, closed by the destructor. One thread at a time.
class File {
 public:
  virtual ~File() = default;
  /// Writes the parts one behind the other at `offset`. `written` is right also when it fails; short writes are gone on with.
  [[nodiscard]] virtual int write(std::uint64_t offset, std::span<const std::string_view> parts,
                                  std::uint64_t& written) = 0;
  /// Fewer bytes than asked for: the file ends there.
  [[nodiscard]] virtual int read(std::uint64_t offset, std::span<char> into, std::size_t& got) = 0;
  /// fdatasync. After an error nothing is known of what was written since the last success, and asking again tells nothing.
  [[nodiscard]] virtual int sync() = 0;
  [[nodiscard]] virtual int truncate(std::uint64_t size) = 0;
  [[nodiscard]] virtual int size(std::uint64_t& bytes) = 0;
  /// Nobody reads these bytes again soon: the kernel may use their memory for others. Those that are not synced stay.
  virtual void release_cache(std::uint64_t offset, std::uint64_t size) = 0;
};

/// An exclusive lock on a file, given back by the destructor or the end of the process.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

struct FolderEntry {
  std::string name;
  std::uint64_t size = 0;
};

/// Thread-safe.
class FileSystem {
 public:
  enum class Open {
    read,    // ENOENT when it is missing
    update,  // reading and writing; ENOENT when it is missing
    create,  // reading and writing, mode 0600; EEXIST when it is there
  };

  virtual ~FileSystem() = default;
  [[nodiscard]] virtual int open(const std::string& path, Open how, std::unique_ptr<File>& file) = 0;
  /// Regular files of the folder, in no order; not those of folders in it.
  [[nodiscard]] virtual int list(const std::string& folder, std::vector<FolderEntry>& entries) = 0;
  /// Mode 0700, parents too; 0 when it is there already.
  [[nodiscard]] virtual int make_folder(const std::string& path) = 0;
  /// The names in the folder survive a power cut from here on.
  [[nodiscard]] virtual int sync_folder(const std::string& path) = 0;
  [[nodiscard]] virtual int rename(const std::string& from, const std::string& to) = 0;
  [[nodiscard]] virtual int remove(const std::string& path) = 0;
  /// Makes the file (0600) when it is missing. EWOULDBLOCK: another one has it.
  [[nodiscard]] virtual int lock(const std::string& path, std::unique_ptr<FileLock>& lock) = 0;
  /// Bytes that may still be written to the file system of the folder.
  [[nodiscard]] virtual int free_space(const std::string& folder, std::uint64_t& bytes) = 0;
};

/// The machine's own.
[[nodiscard]] FileSystem& disk_files();

}  // namespace weir::host::spool
