#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cli/replay/choice.h"
#include "pipeline/io.h"
#include "spool/inspect.h"

namespace weir::host::cli {

/// Gives records that a spool has kept, in order, marked by a header; a thread of its own reads ahead, a bounded part. Their positions are
/// for people: nothing is stored.
class ReplaySource final : public Source {
 public:
  static constexpr std::string_view kHeader = "__weir.replay";

  struct Plan {
    spool::Inspector::Range range;
    std::string id;          // the header's value
    std::uint64_t rate = 0;  // records a second at most; 0: as fast as they are taken
  };
  /// What is counted is read while it runs, too. [any]
  struct Counts {
    std::atomic<std::uint64_t> seen{0};      // records of the range
    std::atomic<std::uint64_t> unjudged{0};  // see ReplayChoice
  };

  /// All outlive it.
  ReplaySource(const spool::Inspector& spool, ReplayChoice& choice, const Plan& plan, Counts& counts,
               Positions& positions);
  ~ReplaySource() override { stop(); }

  Status start() override;
  Status poll(Slice& into, const PollLimits& limits) override;
  void settled(std::span<const weir_settled>) noexcept override {}
  void wake() noexcept override;
  void stop() noexcept override;

 private:
  using Clock = std::chrono::steady_clock;

  /// A chosen record: a copy, and what it takes in bytes.
  struct Ahead {
    explicit Ahead(const spool::SpooledRecord& spooled);

    spool::Sequence sequence;
    std::int64_t timestamp_ms;
    std::int32_t partition;
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::optional<std::string> topic;
    std::vector<std::pair<std::string, std::optional<std::string>>> headers;
    std::size_t bytes = 0;
  };

  void read_ahead();
  bool take(const spool::SpooledRecord& spooled);
  bool wait_for_some(Clock::time_point until);
  bool give(Slice& into, const Ahead& record);
  /// So many records may have been given by now.
  [[nodiscard]] std::uint64_t allowed() const;

  const spool::Inspector& spool_;
  ReplayChoice& choice_;
  const Plan plan_;
  Counts& counts_;
  Positions& positions_;
  std::thread reader_;
  Clock::time_point begun_{};
  std::uint64_t given_ = 0;

  std::mutex mutex_;  // guards what is below
  std::condition_variable changed_;
  std::deque<Ahead> ahead_;
  std::size_t ahead_bytes_ = 0;
  Status read_status_;
  bool read_all_ = false;
  bool stopping_ = false;
  bool woken_ = false;
};

}  // namespace weir::host::cli
