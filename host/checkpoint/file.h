#pragma once
#include <string>

#include "errors/status.h"

namespace weir::host {

/// An open file, closed by the destructor; or none.
class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  ~FileDescriptor();
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

/// E_FATAL "<what> '<path>': <what errno says>".
[[nodiscard]] Status errno_status(const std::string& what, const std::string& path);

}  // namespace weir::host
