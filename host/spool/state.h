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
  /// What is durable.
  [[nodiscard]] const StateSlot& latest() const { return latest_; }
  /// Makes `slot` durable; its generation is set here. A slot that a disk refused is not trusted with anything again: then the file is
  /// made anew. Errors are errno.
  [[nodiscard]] int store(StateSlot slot);

 private:
  [[nodiscard]] int overwrite(const StateSlot& slot);
  [[nodiscard]] int replace(const StateSlot& slot);

  FileSystem& files_;
  const std::string folder_;
  const std::string path_;
  StateSlot latest_;
  std::unique_ptr<File> file_;  // null: not opened
  bool trusted_ = true;         // false: what lies under the path refused a write, and only a new file will do
};

}  // namespace weir::host::spool
