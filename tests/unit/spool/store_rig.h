#pragma once
#include <string>
#include <vector>

#include "memory_files.h"
#include "spool/store.h"

namespace weir::host::spool::test {

/// A store on a disk in memory with a clock of its own.
class StoreRig {
 public:
  explicit StoreRig(MemoryFiles& files);

  /// Opens it; the one before is killed.
  [[nodiscard]] Status open(std::optional<Sequence> checkpoint = std::nullopt);
  void close();
  /// Blocks of so many records each, with values "0", "1", … in the order of all that was ever appended.
  [[nodiscard]] Status append(const std::vector<std::size_t>& blocks);
  /// The values that the reader gives until it has nothing, and the sequence number of the last.
  [[nodiscard]] std::vector<int> read();
  [[nodiscard]] std::vector<int> read(std::size_t most);
  /// Adds what one call gives. OK, NOT_FOUND, E_RETRY …
  [[nodiscard]] Status take(std::vector<int>& values, std::size_t most = Slice::kRecords);
  [[nodiscard]] Sequence last() const { return last_; }
  [[nodiscard]] BacklogFigures figures() const { return store_->figures(now_ms); }
  [[nodiscard]] Store& store() { return *store_; }
  /// The segments' paths, in order.
  [[nodiscard]] std::vector<std::string> segments() const;

  Options options;
  std::int64_t now_ms = 1'700'000'000'000;
  int next = 0;

 private:
  MemoryFiles& files_;
  std::unique_ptr<Store> store_;
  Sequence last_ = 0;
};

/// From first to before end.
[[nodiscard]] std::vector<int> numbers(int first, int end);
/// REQUIREs that the books of a spool balance.
void require_balance(const BacklogFigures& figures);

}  // namespace weir::host::spool::test
