#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "checkpoint/file.h"
#include "checkpoint/format.h"
#include "checkpoint/store.h"

namespace weir::host {
namespace {

constexpr std::size_t kLargest = 256u << 20;  // bytes; a larger file is none of ours

class FileStore final : public CheckpointStore {
 public:
  FileStore(std::string parent, std::string folder, std::string file)
      : parent_(std::move(parent)), folder_(std::move(folder)), file_(std::move(file)), temporary_(file_ + ".tmp") {}

  Result<Checkpoint> load() override {
    const FileDescriptor file(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) {
      if (errno == ENOENT) return Checkpoint{};
      return errno_status("cannot open the checkpoint", file_);
    }
    std::string bytes;
    if (Status status = read_all(file, bytes); !status.ok()) return status;
    Result<Checkpoint> checkpoint = decode_checkpoint(bytes);
    if (checkpoint) return checkpoint;
    return Status::fatal("the checkpoint '" + file_ + "' cannot be used: " + checkpoint.status().message() +
                         "; put back a good copy, or begin anew with --fresh");
  }

  Status store(const Checkpoint& checkpoint) override {
    Status status = make_folder();
    if (status.ok()) status = write_temporary(encode_checkpoint(checkpoint));
    if (!status.ok()) {
      ::unlink(temporary_.c_str());
      return status;
    }
    if (::rename(temporary_.c_str(), file_.c_str()) != 0) return errno_status("cannot replace the checkpoint", file_);
    return sync_folder(folder_);
  }

  Status clear() override {
    if (::unlink(file_.c_str()) != 0)
      return errno == ENOENT ? Status() : errno_status("cannot remove the checkpoint", file_);
    return sync_folder(folder_);
  }

 private:
  Status read_all(const FileDescriptor& file, std::string& bytes) const {
    char block[16 * 1024];
    while (true) {
      const ssize_t got = ::read(file.get(), block, sizeof block);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return errno_status("cannot read the checkpoint", file_);
      if (got == 0) return {};
      bytes.append(block, static_cast<std::size_t>(got));
      if (bytes.size() > kLargest)
        return Status::fatal("the checkpoint '" + file_ + "' cannot be used: it is far too large");
    }
  }

  Status make_folder() {
    if (folder_made_) return {};
    if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST)
      return errno_status("cannot make the folder of the checkpoint", folder_);
    if (Status status = sync_folder(parent_); !status.ok()) return status;
    folder_made_ = true;
    return {};
  }

  Status write_temporary(const std::string& bytes) const {
    const FileDescriptor file(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.is_open()) return errno_status("cannot write the checkpoint", temporary_);
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t wrote = ::write(file.get(), bytes.data() + done, bytes.size() - done);
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) return errno_status("cannot write the checkpoint", temporary_);
      done += static_cast<std::size_t>(wrote);
    }
    if (::fsync(file.get()) != 0) return errno_status("cannot write the checkpoint", temporary_);
    return {};
  }

  Status sync_folder(const std::string& path) const {
    const FileDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.is_open() || ::fsync(folder.get()) != 0)
      return errno_status("cannot make the checkpoint durable in", path);
    return {};
  }

  const std::string parent_;
  const std::string folder_;
  const std::string file_;
  const std::string temporary_;
  bool folder_made_ = false;
};

}  // namespace

Status errno_status(const std::string& what, const std::string& path) {
  const int error = errno;
  return Status::fatal(what + " '" + path + "': " + std::strerror(error));
}

FileDescriptor::~FileDescriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::unique_ptr<CheckpointStore> make_file_checkpoint_store(const std::string& directory, const std::string& pipeline,
                                                            const std::string& source_type) {
  const std::string folder = directory + "/" + pipeline;
  return std::make_unique<FileStore>(directory, folder, folder + "/" + source_type + ".checkpoint");
}

}  // namespace weir::host
