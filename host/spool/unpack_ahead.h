#pragma once
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "spool/block.h"

namespace weir::host::spool {

/// Unpacks the next blocks while a reader gives the records of one: on a thread of its own, which is there from the first block on until
/// stop(). One thread calls.
class UnpackAhead {
 public:
  /// `most`: so many blocks at once; 0: none.
  explicit UnpackAhead(std::size_t most) : jobs_(most) {}
  ~UnpackAhead() { stop(); }
  UnpackAhead(const UnpackAhead&) = delete;
  UnpackAhead& operator=(const UnpackAhead&) = delete;

  [[nodiscard]] bool is_empty() const { return count_ == 0; }
  [[nodiscard]] bool is_full() const { return count_ == jobs_.size(); }
  /// Takes on the block at `offset`, behind the others; `bytes` (see unpack()) are copied. Only where it is not full. `key` is valid until
  /// forget().
  void add(std::uint64_t offset, const BlockHeader& header, std::uint32_t salt, std::string_view bytes,
           const crypto::DataKey* key);
  /// The header of the first block, if that is the one at `offset`; null: it is not.
  [[nodiscard]] const BlockHeader* first(std::uint64_t offset) const;
  /// The records of the first block into `raw`, which waits for them; false: they are damaged. It is gone then.
  [[nodiscard]] bool take(std::string& raw);
  /// Waits for what is under way; all blocks are gone.
  void forget();
  /// The same, and the thread ends; nothing of the records stays in memory.
  void stop();

 private:
  struct Job {
    std::uint64_t offset = 0;
    BlockHeader header;
    std::uint32_t salt = 0;
    std::string bytes;
    const crypto::DataKey* key = nullptr;
    std::string raw;
    bool is_whole = false;
  };

  void run();
  void wait_for_all(std::unique_lock<std::mutex>& lock);

  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable added_;
  std::condition_variable all_done_;
  std::vector<Job> jobs_;  // a ring. The caller's, but for those added and not done
  // Written under mutex_, and only by the caller but for done_.
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::size_t done_ = 0;  // of them, from the first on
  bool sleeps_ = false;   // the thread
  bool stops_ = false;
};

}  // namespace weir::host::spool
