#pragma once
#include <span>

#include "weir/plugin.hpp"

/// A source is a class with
///
///   static constexpr auto name, version, summary;       [details, fields]
///   explicit Class(const weir::Context&);                or nothing; touches nothing outside
///   weir::Poll poll(weir::Output&);                      appends what there is, waits at most Output::timeout for the first
///
/// and, where wanted,
///
///   void start(); void stop();                                       open and close what lies outside; may come again
///   void settled(std::span<const weir_settled>) noexcept;            any thread: tokens of origins that settled, in no order
///   void wake() noexcept;                                            any thread: a waiting poll returns soon
///   static constexpr bool resumable = true;      its positions outlive the process (P1: they are read again)
///   static constexpr bool exclusive = true;      it reads what the process has once: a run uses it once
///
/// What poll appended counts, whatever it throws: RetryError (again later), FatalError. Calls but the two above come from one
/// thread at a time.
namespace weir {

enum class Poll { more, end };  // end: exhausted, poll comes no more

/// One resume point; open until the poll that made it returns.
using Origin = weir_origin*;

/// Where poll puts records. [task], during one poll.
class Output {
 public:
  Output(const weir_host* host, weir_output* output, std::uint32_t max_records, std::size_t max_bytes,
         std::uint32_t timeout_ms)
      : host_(host), output_(output), max_records_(max_records), max_bytes_(max_bytes), timeout_(timeout_ms) {}

  /// What the host would like at most, and how long it would wait.
  [[nodiscard]] std::uint32_t max_records() const { return max_records_; }
  [[nodiscard]] std::size_t max_bytes() const { return max_bytes_; }
  [[nodiscard]] std::chrono::milliseconds timeout() const { return timeout_; }

  /// A resume point: once all its records are settled, a restart goes on after `offset` of `partition`. Both are copied. With a
  /// token other than 0, settled() tells.
  [[nodiscard]] Origin origin(std::string_view partition, std::string_view offset, std::uint64_t token = 0) {
    return must(host_->origin(output_, detail::to_c(partition), detail::to_c(offset), token));
  }
  /// A resume point that is never stored: only settled() tells.
  [[nodiscard]] Origin origin_without_position(std::uint64_t token = 0) { return origin_never_stored({}, token); }
  /// The same, with an offset that tells people where a dead letter came from.
  [[nodiscard]] Origin origin_never_stored(std::string_view offset, std::uint64_t token = 0) {
    return must(host_->origin(output_, weir_str{nullptr, 0}, detail::to_c(offset), token));
  }
  /// A new record of that origin, key and value null. Empty: full, return from poll; what is left gets a new origin (with the
  /// same token if it has one) at the next poll.
  [[nodiscard]] std::optional<Record> append(Origin origin) {
    weir_record* record = host_->append(output_, origin);
    if (record == nullptr) return std::nullopt;
    last_ = record;
    return Record(host_, record);
  }
  /// Memory to read into, as old as the records of this poll; null: larger than one record may be.
  [[nodiscard]] char* buffer(std::size_t size) { return host_->buffer(output_, size); }
  /// Key or value of a record of this poll, without a copy: `inside` lies in a buffer of this poll.
  void set_view(Record& record, Slot slot, std::string_view inside) {
    detail::check(host_->set_view(record.handle(), static_cast<std::int32_t>(slot), detail::to_c(inside)),
                  "the view is outside the buffers of this poll");
  }
  /// After an exception: a last record without key and value was not finished and must not pass for a tombstone.
  void fail_unfinished() {
    if (last_ == nullptr || host_->bytes(last_, WEIR_KEY).ptr != nullptr ||
        host_->bytes(last_, WEIR_VALUE).ptr != nullptr)
      return;
    host_->fail(last_, WEIR_E_DATA, "the source threw before the record was complete", nullptr);
  }

 private:
  static Origin must(weir_origin* origin) {
    if (origin == nullptr) throw FatalError("the host gives no origin");
    return origin;
  }

  const weir_host* host_;
  weir_output* output_;
  std::uint32_t max_records_;
  std::size_t max_bytes_;
  std::chrono::milliseconds timeout_;
  weir_record* last_ = nullptr;
};

/// The stored positions of a source, made from its Context in the constructor, asked from start on. [task]
class Positions {
 public:
  explicit Positions(const Context& context) : host_(context.host()), ctx_(context.handle()) {}

  /// The offset to go on after; empty: start anew.
  [[nodiscard]] std::optional<std::string> stored(std::string_view partition) const {
    weir_str offset;
    const weir_status status = host_->stored(ctx_, detail::to_c(partition), &offset);
    detail::check(status, "the stored position cannot be read");
    if (status != WEIR_OK) return std::nullopt;
    return std::string(detail::to_view(offset));
  }
  /// Another task takes the partition over: drains its records, stores its position, forgets it.
  void revoke(std::string_view partition, std::chrono::milliseconds timeout) {
    detail::check(host_->revoke(ctx_, detail::to_c(partition), static_cast<std::uint32_t>(timeout.count())),
                  "the partition cannot be given up");
  }

 private:
  const weir_host* host_;
  weir_ctx* ctx_;
};

namespace detail {

template <typename T>
concept IsSource = requires(T& t, Output& out) {
  { t.poll(out) } -> std::same_as<Poll>;
};

template <typename T>
concept Settles = requires(T& t, std::span<const weir_settled> origins) {
  { t.settled(origins) } -> std::same_as<void>;
};
template <typename T>
concept Wakes = requires(T& t) {
  { t.wake() } -> std::same_as<void>;
};

template <typename T>
weir_status poll(void* self, weir_output* output, std::uint32_t max_records, std::size_t max_bytes,
                 std::uint32_t timeout_ms) noexcept {
  return guarded<T>(self, kMayRetry, [&](Instance<T>& at) {
    Output out(at.context.host(), output, max_records, max_bytes, timeout_ms);
    try {
      return at.object.poll(out) == Poll::end ? WEIR_END : WEIR_OK;
    } catch (...) {
      out.fail_unfinished();
      throw;
    }
  });
}

template <typename T>
void settled(void* self, const weir_settled* origins, std::uint32_t count) noexcept {
  instance<T>(self).object.settled(std::span(origins, count));
}

template <typename T>
void wake([[maybe_unused]] void* self) noexcept {
  if constexpr (Wakes<T>) instance<T>(self).object.wake();
}

template <typename T>
consteval void check_source_members() {
  check_common_members<T>();
  static_assert(
      Settles<T> || !has_settled<T>(),
      "settled would never be called: write it as a public void settled(std::span<const weir_settled>) noexcept");
  static_assert(Wakes<T> || !has_wake<T>(), "wake would never be called: write it as a public void wake() noexcept");
  if constexpr (Settles<T>)
    static_assert(noexcept(std::declval<T&>().settled(std::span<const weir_settled>())), "settled is noexcept");
  if constexpr (Wakes<T>) static_assert(noexcept(std::declval<T&>().wake()), "wake is noexcept");
}

template <typename T>
consteval weir_source source_table() {
  check_source_members<T>();
  weir_source table{};
  table.struct_size = sizeof(weir_source);
  table.capabilities = bit_if(resumable_of<T>(false), WEIR_RESUMABLE) | bit_if(exclusive_of<T>(false), WEIR_EXCLUSIVE);
  table.create = &create<T, Use::read>;
  table.destroy = &destroy<T>;
  table.start = &start<T>;
  table.poll = &poll<T>;
  if constexpr (Settles<T>) table.settled = &settled<T>;
  table.wake = &wake<T>;
  table.stop = &stop<T>;
  table.extension = &extension<T>;
  return table;
}

template <IsSource T>
struct Kind<T> {
  static constexpr std::uint32_t id = WEIR_SOURCE;
  static constexpr weir_source table = source_table<T>();
};

}  // namespace detail
}  // namespace weir
