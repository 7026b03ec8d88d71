#pragma once
#include <string>

#include "errors/status.h"
#include "spool/files.h"
#include "spool/format.h"

namespace weir::host::spool {

/// The file `state`: two slots in pages of their own, written alternately, so that one whole slot is there at any time. One thread.
class StateFile {
 public:
  static constexpr std::size_t kSlotDistance = 4096;  // bytes from slot to slot
  static constexpr std::size_t kFileBytes = 2 * kSlotDistance;

  StateFile(FileSystem& files, std::string folder);

  /// The newer of the whole slots. NOT_FOUND: there is no file. E_DATA: neither slot is whole.
  [[nodiscard]] static Result<StateSlot> read(FileSystem& files, const std::string& folder);
  /// Begins with what read() gave.
  void begin(const StateSlot& slot) { latest_ = slot; }
  /// latest() was stored, not only read.
  [[nodiscard]] bool is_durable() const { return file_ != nullptr; }
  [[nodiscard]] const StateSlot& latest() const { return latest_; }
  /// Makes `slot` durable; its generation is set here. The first one goes to a new file, since what an earlier process left may be in the
  /// kernel's memory only; so does one that follows on an error. Errors are errno.
  [[nodiscard]] int store(StateSlot slot);

 private:
  [[nodiscard]] int overwrite(const StateSlot& slot);
  [[nodiscard]] int replace(const StateSlot& slot);
  void make_spare();

  FileSystem& files_;
  const std::string folder_;
  const std::string path_;
  const std::string spare_;  // the path of the next file
  StateSlot latest_;
  std::unique_ptr<File> file_;  // null: the next one goes to a new file
};

}  // namespace weir::host::spool
