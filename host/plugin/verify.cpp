#include "plugin/verify.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "plugin/elf.h"

namespace weir::host::plugin {
namespace {

constexpr std::string_view kSymbolPrefix = "weir_plugin_v";
constexpr std::string_view kMajor = "0";

/// A file descriptor that closes itself.
class File {
 public:
  // Without O_NONBLOCK a FIFO named like a library would stop the program.
  explicit File(const std::string& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

bool read_at(int descriptor, std::uint64_t offset, std::span<char> into) {
  while (!into.empty()) {
    const ssize_t got = pread(descriptor, into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    offset += static_cast<std::uint64_t>(got);
    into = into.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 6 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Status check_major(const std::vector<std::string>& names) {
  std::string foreign;
  for (const std::string& name : names) {
    const std::string_view major = std::string_view(name).substr(kSymbolPrefix.size());
    if (major == kMajor) return {};
    if (is_number(major)) foreign = major;
  }
  if (foreign.empty()) return Status::data("no Weir plugin: it exports no weir_plugin_v" + std::string(kMajor));
  return Status::data("built for ABI major " + foreign + ", this host speaks " + std::string(kMajor));
}

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec; }

}  // namespace

Result<FileId> verify_file(const std::string& path) {
  const File file(path);
  struct stat facts {};
  if (file.get() < 0 || fstat(file.get(), &facts) != 0)
    return Status::data(std::string("cannot be opened: ") + std::strerror(errno));
  if (!S_ISREG(facts.st_mode)) return Status::data("no Weir plugin: not a regular file");
  const auto read = [&](std::uint64_t offset, std::span<char> into) { return read_at(file.get(), offset, into); };
  const auto names = exported_data(static_cast<std::uint64_t>(facts.st_size), read, kSymbolPrefix);
  if (!names) return Status::data("no Weir plugin: " + names.status().message());
  if (Status major = check_major(*names); !major.ok()) return major;
  return FileId{facts.st_dev, facts.st_ino, facts.st_size, nanoseconds(facts.st_mtim), nanoseconds(facts.st_ctim)};
}

}  // namespace weir::host::plugin
