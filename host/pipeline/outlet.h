#pragma once
#include <chrono>
#include <cstddef>

#include "errors/backoff.h"
#include "observe/log.h"
#include "pipeline/feed.h"
#include "pipeline/figures.h"
#include "pipeline/io.h"

namespace weir::host {

/// One sink at the end of a task: starts it, puts what its feed offers, counts what it holds, and, when it gives records back, brings
/// it back to life: wait until all came back, stop, start, rewind the feed, put again in order. The main sink and the dead letter
/// sink each have one. [task]
class Outlet {
 public:
  using Clock = std::chrono::steady_clock;

  /// All outlive the outlet. `what`: "sink" or "dead letter sink", for messages.
  Outlet(Sink& sink, Feed& feed, const char* what, Milliseconds retry_delay_max, Log log);

  /// One try at starting it, when it is time for one. E_RETRY: not yet; other errors are final. Waits for nothing itself.
  Status try_start(Clock::time_point now);
  /// Puts until the sink is full or nothing is offered. Counts what it took. Errors are final.
  Status put(Clock::time_point now);
  /// A record it held was acknowledged. `given_back`: with E_RETRY.
  void acknowledged(bool given_back);
  /// Where the task would otherwise wait. Does nothing while the sink is down.
  Status service(Milliseconds timeout);
  /// Everything acknowledged, or E_RETRY after the timeout. A sink that is down has nothing to flush.
  Status flush(Milliseconds timeout);
  void stop() noexcept;

  /// Records it took and did not acknowledge yet.
  [[nodiscard]] std::size_t held() const { return held_; }
  [[nodiscard]] bool running() const { return state_ == State::running; }
  /// It gave records back, and its feed has not been rewound yet: what the feed offers is not all there is to put.
  [[nodiscard]] bool giving_back() const { return state_ == State::giving_back; }
  /// It took less than it was offered at the latest put.
  [[nodiscard]] bool full() const { return full_; }
  [[nodiscard]] SinkFigures figures() const { return {1, running() ? 1u : 0u, failed_starts_, times_given_back_}; }
  /// Records put so far; moves when a put got something done.
  [[nodiscard]] std::uint64_t total() const { return total_; }

 private:
  enum class State { down, running, giving_back };

  Status put_batch(std::span<Record* const> records);
  Status finish_giving_back(Clock::time_point now);
  Status final_error(const Status& status) const;
  void postpone(Clock::time_point now, std::string_view sentence, const std::string& why);

  Sink& sink_;
  Feed& feed_;
  const char* const what_;
  Log log_;
  Backoff backoff_;
  State state_ = State::down;
  bool started_ = false;  // start() said OK and stop() was not called since
  bool full_ = false;
  std::size_t held_ = 0;
  std::uint64_t total_ = 0;
  std::uint64_t failed_starts_ = 0;
  std::uint64_t times_given_back_ = 0;
  Clock::time_point next_try_{};
  Clock::time_point give_back_until_{};
  Clock::time_point warn_again_{};
};

}  // namespace weir::host
