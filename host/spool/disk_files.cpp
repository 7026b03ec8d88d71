#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include "spool/files.h"

namespace weir::host::spool {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Descriptor(Descriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

int error_of(int result) { return result < 0 ? errno : 0; }

class DiskFile final : public File {
 public:
  explicit DiskFile(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  int write(std::uint64_t offset, std::span<const std::string_view> parts, std::uint64_t& written) override {
    written = 0;
    std::size_t skip = 0;  // bytes of parts.front() that are written
    while (true) {
      while (!parts.empty() && skip >= parts.front().size()) {
        skip -= parts.front().size();
        parts = parts.subspan(1);
      }
      if (parts.empty()) return 0;
      const ssize_t got = write_some(offset + written, parts, skip);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return errno;
      if (got == 0) return EIO;
      written += static_cast<std::uint64_t>(got);
      skip += static_cast<std::size_t>(got);
    }
  }

  int read(std::uint64_t offset, std::span<char> into, std::size_t& got) override {
    got = 0;
    while (got < into.size()) {
      const ssize_t some =
          ::pread(descriptor_.get(), into.data() + got, into.size() - got, static_cast<off_t>(offset + got));
      if (some < 0 && errno == EINTR) continue;
      if (some < 0) return errno;
      if (some == 0) return 0;
      got += static_cast<std::size_t>(some);
    }
    return 0;
  }

  int sync() override { return error_of(::fdatasync(descriptor_.get())); }
  int truncate(std::uint64_t size) override {
    return error_of(::ftruncate(descriptor_.get(), static_cast<off_t>(size)));
  }
  int size(std::uint64_t& bytes) override {
    struct stat status {};
    if (::fstat(descriptor_.get(), &status) != 0) return errno;
    bytes = static_cast<std::uint64_t>(status.st_size);
    return 0;
  }
  void release_cache(std::uint64_t offset, std::uint64_t size) override {
    ::posix_fadvise(descriptor_.get(), static_cast<off_t>(offset), static_cast<off_t>(size), POSIX_FADV_DONTNEED);
  }

 private:
  ssize_t write_some(std::uint64_t offset, std::span<const std::string_view> parts, std::size_t skip) {
    std::array<iovec, 64> pieces;
    std::size_t count = 0;
    for (std::string_view part : parts.first(std::min(parts.size(), pieces.size()))) {
      part.remove_prefix(std::exchange(skip, 0));
      pieces[count++] = {const_cast<char*>(part.data()), part.size()};  // pwritev reads only
    }
    return ::pwritev(descriptor_.get(), pieces.data(), static_cast<int>(count), static_cast<off_t>(offset));
  }

  Descriptor descriptor_;
};

class DiskLock final : public FileLock {
 public:
  explicit DiskLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

 private:
  Descriptor descriptor_;
};

class DiskFiles final : public FileSystem {
 public:
  int open(const std::string& path, Open how, std::unique_ptr<File>& file) override {
    int flags = O_CLOEXEC | O_NOFOLLOW | (how == Open::read ? O_RDONLY : O_RDWR);
    if (how == Open::create) flags |= O_CREAT | O_EXCL;
    Descriptor descriptor(::open(path.c_str(), flags, 0600));
    if (!descriptor.is_open()) return errno;
    file = std::make_unique<DiskFile>(std::move(descriptor));
    return 0;
  }

  int list(const std::string& folder, std::vector<FolderEntry>& entries) override {
    entries.clear();
    const std::unique_ptr<DIR, int (*)(DIR*)> all(::opendir(folder.c_str()), &::closedir);
    if (all == nullptr) return errno;
    while (true) {
      errno = 0;
      const dirent* const entry = ::readdir(all.get());
      if (entry == nullptr) return errno;
      struct stat status {};
      if (::fstatat(::dirfd(all.get()), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT) continue;  // went meanwhile
        return errno;
      }
      if (S_ISREG(status.st_mode)) entries.push_back({entry->d_name, static_cast<std::uint64_t>(status.st_size)});
    }
  }

  int make_folder(const std::string& path) override {
    const std::filesystem::path parent = std::filesystem::path(path).lexically_normal().parent_path();
    std::error_code error;
    if (!parent.empty()) std::filesystem::create_directories(parent, error);
    if (error) return error.value();
    if (::mkdir(path.c_str(), 0700) == 0) return sync_folder(parent.string());
    return errno == EEXIST ? 0 : errno;
  }

  int sync_folder(const std::string& path) override {
    const Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.is_open()) return errno;
    if (::fsync(folder.get()) != 0 && errno != EINVAL) return errno;  // EINVAL: a file system that syncs no folders
    return 0;
  }

  int rename(const std::string& from, const std::string& to) override {
    return error_of(::rename(from.c_str(), to.c_str()));
  }
  int remove(const std::string& path) override { return error_of(::unlink(path.c_str())); }

  int lock(const std::string& path, std::unique_ptr<FileLock>& lock) override {
    Descriptor descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!descriptor.is_open()) return errno;
    if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) return errno;
    lock = std::make_unique<DiskLock>(std::move(descriptor));
    return 0;
  }

  int free_space(const std::string& folder, std::uint64_t& bytes) override {
    struct statvfs status {};
    if (::statvfs(folder.c_str(), &status) != 0) return errno;
    bytes = static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
    return 0;
  }
};

}  // namespace

FileSystem& disk_files() {
  static DiskFiles files;
  return files;
}

}  // namespace weir::host::spool
