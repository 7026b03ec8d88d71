#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>

#include "wrong.hpp"

namespace wrong {
namespace {

/// Twenty numbers, then it waits.
struct Right {
  static constexpr auto name = "right";
  static constexpr uint32_t kind = WEIR_SOURCE;
  static constexpr uint32_t capabilities = WEIR_RESUMABLE;
  static constexpr int kNumbers = 20;

  explicit Right(Home the_home) : home(the_home) {}
  Right(const Right&) = delete;
  Right& operator=(const Right&) = delete;
  virtual ~Right() = default;
  virtual weir_status start() {
    next = 0;
    weir_str offset;
    if (home.host->stored(home.ctx, text("p"), &offset) == WEIR_OK) {
      std::from_chars(offset.ptr, offset.ptr + offset.len, next);
      ++next;
    }
    return WEIR_OK;
  }
  virtual void stop() {}
  virtual void settled() {}
  void wake() {
    const std::lock_guard lock(mutex);
    woken = true;
    changed.notify_one();
  }
  virtual void wait(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, timeout, [this] { return woken; });
    woken = false;
  }
  virtual weir_status poll(weir_output* output, uint32_t room, size_t max_bytes, std::chrono::milliseconds timeout) {
    if (next >= kNumbers) wait(timeout);
    for (size_t bytes = 0; room > 0 && bytes < max_bytes && next < kNumbers; --room) bytes += append(output);
    return WEIR_OK;
  }
  size_t append(weir_output* output) {
    const std::string number = std::to_string(next);
    weir_record* const record = home.host->append(output, origin(output));
    char* const memory = home.host->buffer(output, number.size());
    std::memcpy(memory, number.data(), number.size());
    home.host->set_view(record, WEIR_VALUE, {memory, number.size()});
    ++next;
    return number.size();
  }
  weir_origin* origin(weir_output* output) const {
    return home.host->origin(output, text("p"), text(std::to_string(next)), static_cast<uint64_t>(next) + 1);
  }

  static weir_status poll_of(void* self, weir_output* output, uint32_t room, size_t max_bytes, uint32_t timeout_ms) {
    return static_cast<Right*>(self)->poll(output, room, max_bytes, std::chrono::milliseconds(timeout_ms));
  }
  static void settled_of(void* self, const weir_settled*, uint32_t) { static_cast<Right*>(self)->settled(); }
  static void wake_of(void* self) { static_cast<Right*>(self)->wake(); }
  template <typename T>
  static constexpr weir_source table = {sizeof(weir_source),  T::capabilities, &create<Right, T>, &destroy<Right>,
                                        &wrong::start<Right>, &poll_of,        &settled_of,       &wake_of,
                                        &wrong::stop<Right>,  nullptr};

  const Home home;
  int next = 0;
  std::mutex mutex;
  std::condition_variable changed;
  bool woken = false;
};

struct Restart final : Right {
  static constexpr auto name = "restart";
  using Right::Right;
  weir_status start() override { return starts_++ == 0 ? Right::start() : WEIR_E_CONFIG; }
  int starts_ = 0;
};

struct Ownership final : Right {
  static constexpr auto name = "ownership";
  using Right::Right;
  weir_status poll(weir_output* output, uint32_t room, size_t max_bytes, std::chrono::milliseconds timeout) override {
    if (kept_ != nullptr && *kept_ == 'x') return WEIR_E_FATAL;
    const weir_status status = Right::poll(output, room, max_bytes, timeout);
    kept_ = home.host->buffer(output, 1);
    *kept_ = 'a';
    return status;
  }
  char* kept_ = nullptr;
};

/// Makes the origin first and drops the record when there is no room for it.
struct Limits final : Right {
  static constexpr auto name = "limits";
  using Right::Right;
  weir_status poll(weir_output* output, uint32_t, size_t, std::chrono::milliseconds timeout) override {
    if (next >= kNumbers) wait(timeout);
    while (next < kNumbers) {
      weir_record* const record = home.host->append(output, origin(output));
      ++next;
      if (record == nullptr) return WEIR_OK;
      home.host->set_bytes(record, WEIR_VALUE, text("x"));
    }
    return WEIR_OK;
  }
};

struct Waiting final : Right {
  static constexpr auto name = "waiting";
  using Right::Right;
  void wait(std::chrono::milliseconds timeout) override { std::this_thread::sleep_for(timeout); }
};

struct Resume final : Right {
  static constexpr auto name = "resume";
  using Right::Right;
  weir_status start() override {
    next = 0;
    return WEIR_OK;
  }
};

struct Settled final : Right {
  static constexpr auto name = "settled";
  using Right::Right;
  weir_status start() override {
    mine_ = std::this_thread::get_id();
    return Right::start();
  }
  void settled() override {
    if (std::this_thread::get_id() != mine_) std::abort();
  }
  std::thread::id mine_;
};

}  // namespace
}  // namespace wrong

WRONG_PLUGIN(wrong::Right, wrong::Restart, wrong::Ownership, wrong::Limits, wrong::Waiting, wrong::Resume,
             wrong::Settled)
