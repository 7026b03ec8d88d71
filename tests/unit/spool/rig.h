#pragma once
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "spool/spool.h"

/// What the tests of the spool put into it and take out of it.
namespace weir::host::spool::test {

/// A folder of its own on the machine's disk, gone with it.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Counts acknowledgements. Thread-safe.
class CountingAcks final : public Acks {
 public:
  void ack(std::span<Record* const> records, weir_status status, const char* reason) noexcept override;
  /// Waits until `count` records were acknowledged with OK; false: it took too long.
  [[nodiscard]] bool wait_for(std::size_t count);
  [[nodiscard]] std::size_t ok() const;
  [[nodiscard]] std::size_t given_back() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t ok_ = 0;
  std::size_t given_back_ = 0;
};

/// Slices with records, which live as long as it.
class Records {
 public:
  explicit Records(Acks& acks) : home_{&memory_, &acks, nullptr} {}
  /// A new record of this value.
  Record* make(std::string_view value, std::optional<std::string_view> key = std::nullopt);
  [[nodiscard]] const SliceHome& home() const { return home_; }

 private:
  MemoryMeter memory_{1u << 30};
  SliceHome home_;
  std::deque<Slice> slices_;
};

/// What a checkpoint holds. Thread-safe.
class MemoryPositions final : public Positions {
 public:
  std::uint32_t partition(std::string_view name) override;
  [[nodiscard]] std::optional<std::string> stored(std::string_view partition) const override;
  Status revoke(std::string_view, Milliseconds) override { return {}; }
  void store(const std::string& offset);

 private:
  mutable std::mutex mutex_;
  std::optional<std::string> offset_;
};

struct Taken {
  std::string value;
  std::string offset;
};
/// All that the source gives until it has nothing for `patience`, or END.
[[nodiscard]] std::vector<Taken> drain(Source& source, Milliseconds patience = Milliseconds(200));
/// Puts all of it, waiting for room.
void put_all(Sink& sink, std::span<Record* const> records);
[[nodiscard]] std::int64_t wall_clock_ms();

}  // namespace weir::host::spool::test
