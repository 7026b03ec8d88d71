#pragma once
#include <map>
#include <memory>
#include <string>

#include "errors/status.h"

namespace weir::host {

/// What a pipeline resumes from, stored as one atomic unit: for each source partition the end of its settled prefix, the plugin
/// state that belongs to exactly that point, and whether the source had ended there.
struct Checkpoint {
  std::map<std::string, std::string> positions;  // source partition → opaque offset
  std::map<std::string, std::string> state;      // component name → opaque bytes
  bool finished = false;                         // all sources exhausted, all settled
};

/// Where checkpoints live. One store a pipeline and source type: a swapped source never reads foreign positions.
class CheckpointStore {
 public:
  virtual ~CheckpointStore() = default;
  /// An empty checkpoint when there is none. E_FATAL: damaged or unreadable, with the file's name and what to do. [control]
  [[nodiscard]] virtual Result<Checkpoint> load() = 0;
  /// Durable when OK: the old checkpoint or the new one survives a power cut, never a mixture. One caller at a time, any thread.
  virtual Status store(const Checkpoint& checkpoint) = 0;
  /// Forgets everything (--fresh). [control]
  virtual Status clear() = 0;
};

/// A file `directory/NAME/SOURCE_TYPE.checkpoint` of mode 0600, written to a temporary file, fsynced, renamed, folder fsynced;
/// CRC-32 over the whole. Format: docs/checkpoint-format.md.
[[nodiscard]] std::unique_ptr<CheckpointStore> make_file_checkpoint_store(const std::string& directory,
                                                                          const std::string& pipeline,
                                                                          const std::string& source_type);

/// The exclusive right to a state directory (flock on `directory/lock`), released by the destructor. [control]
class StateLock {
 public:
  /// Makes the directory (0700) when it is missing. E_FATAL: another process holds it, or it cannot be made.
  [[nodiscard]] static Result<StateLock> take(const std::string& directory);
  StateLock(StateLock&& other) noexcept;
  StateLock& operator=(StateLock&& other) noexcept;
  ~StateLock();

 private:
  explicit StateLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace weir::host
