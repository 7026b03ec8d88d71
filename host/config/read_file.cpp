#include "config/read_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace weir::host::config {
namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::string& file) : number_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

Status failure() { return Status::config("cannot be read: " + std::generic_category().message(errno)); }

}  // namespace

Result<std::string> read_file(const std::string& file, std::size_t limit) {
  const Descriptor descriptor(file);
  if (descriptor.number() < 0) return failure();
  std::string text;
  while (text.size() <= limit) {
    const std::size_t have = text.size();
    text.resize(std::min<std::size_t>(have + 64 * 1024, limit + 1));
    const ssize_t got = ::read(descriptor.number(), text.data() + have, text.size() - have);
    text.resize(have + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno != EINTR) return failure();
    if (got == 0) return text;
  }
  return Status::config("is longer than " + std::to_string(limit) + " bytes");
}

}  // namespace weir::host::config
