#include <weir/source.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

/// Counts: one record an interval.
class MySource {
 public:
  static constexpr auto name = "my_source";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Counts: one record an interval.";
  static constexpr auto fields =
      weir::fields(weir::optional("interval", weir::Type::duration, R"("1s")", "Time between two records; 0: none."),
                   weir::optional("count", weir::Type::integer, "0", "How many records there are; 0: no end."));
  static constexpr bool resumable = true;  // after a restart it goes on where all was settled

  explicit MySource(const weir::Context& config)
      : positions_(config), interval_(config.duration("interval")), count_(config.integer("count")) {
    if (count_ < 0) throw config.error("count", "must not be negative");
    if (config.task().count > 1) throw config.error("interval", "counts in one task only: set tasks_max to 1");
  }

  void start() {
    next_ = 0;
    if (const auto stored = positions_.stored(kPartition)) next_ = number_of(*stored) + 1;
    due_ = Clock::now();
  }

  weir::Poll poll(weir::Output& out) {
    if (!ended()) wait(out.timeout());
    std::size_t bytes = 0;
    for (std::uint32_t room = out.max_records(); room > 0 && bytes < out.max_bytes() && is_due(); --room) {
      bytes += append_next(out);
    }
    return ended() ? weir::Poll::end : weir::Poll::more;
  }

  /// From any thread: a poll that waits returns.
  void wake() noexcept {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    wakeup_.notify_one();
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr auto kPartition = "numbers";  // a source with several, such as files, has one for each

  static std::int64_t number_of(const std::string& offset) {
    std::int64_t number = 0;
    const char* const end = offset.data() + offset.size();
    const auto [read, error] = std::from_chars(offset.data(), end, number);
    if (error != std::errc() || read != end) throw weir::FatalError("the stored position is no number");
    return number;
  }

  [[nodiscard]] bool ended() const { return count_ > 0 && next_ >= count_; }
  [[nodiscard]] bool is_due() const { return !ended() && Clock::now() >= due_; }

  void wait(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    wakeup_.wait_until(lock, std::min(due_, Clock::now() + timeout), [this] { return woken_; });
    woken_ = false;
  }

  /// One record and its resume point. An origin must get its record: without one its position would count as done.
  std::size_t append_next(weir::Output& out) {
    auto record = out.append(out.origin(kPartition, std::to_string(next_)));
    if (!record) throw weir::FatalError("the host refused a record within the limits of the poll");
    const std::string value = "{\"number\":" + std::to_string(next_) + "}";
    record->set_value(value);
    ++next_;
    due_ += interval_;
    return value.size();
  }

  weir::Positions positions_;
  const std::chrono::milliseconds interval_;
  const std::int64_t count_;
  std::int64_t next_ = 0;
  Clock::time_point due_;
  std::mutex mutex_;  // guards woken_
  std::condition_variable wakeup_;
  bool woken_ = false;
};

WEIR_PLUGIN(MySource)
