#pragma once
#include <span>

#include "weir/batch.hpp"
#include "weir/plugin.hpp"

/// A sink is a class with
///
///   static constexpr auto name, version, summary;       [details, fields]
///   explicit Class(const weir::Context&);                or nothing; touches nothing outside
///   std::size_t put(weir::Batch&);                       takes the first n records and says n; fewer than all: full, the rest
///                                                        is offered again
///
/// and, where wanted,
///
///   void start();                                        RetryError: not reachable yet, again with back-off
///   void service(std::chrono::milliseconds);             where the host would otherwise wait: delivery reports, timers
///   bool flush(std::chrono::milliseconds);               true: everything taken is acknowledged. What was gathered goes out now;
///                                                        with 0 also between puts, where the host can put no more before some is
///   void stop();                                         gives back (Acks::give_back) what it still holds
///   static constexpr bool durable = true;                what it acknowledges as dead letter sink survives a power cut
///   static constexpr bool exclusive = true;              it writes to what the process has once: a run uses it once
///   static constexpr bool reads_document = true;         asks records for JSON
///
/// Each record taken is acknowledged exactly once through Acks, or refused in put with Record::fail, which also says where, before the
/// destructor returns; until then its key and value stay where they are. After one give_back the sink takes nothing more and gives back all it holds; the host puts again from there.
/// When put throws, it has taken nothing. Calls come from one thread at a time.
namespace weir {

/// Acknowledges records: any thread, any order; only queues, so it is cheap. Made from the Context in the constructor; a copy
/// costs a pointer.
class Acks {
 public:
  explicit Acks(const Context& context) : host_(context.host()) {}

  /// Delivered, for good.
  void ok(Delivery record) const { ok({&record, 1}); }
  void ok(std::span<const Delivery> records) const { say(records, WEIR_OK, ""); }
  /// Bad in itself, such as too large: becomes a dead letter, the others go on.
  void refuse(Delivery record, Reason reason) const { say({&record, 1}, WEIR_E_DATA, reason); }
  /// Not delivered: the host puts it again, after everything else was given back.
  void give_back(Delivery record, Reason reason) const { give_back({&record, 1}, reason); }
  void give_back(std::span<const Delivery> records, Reason reason) const { say(records, WEIR_E_RETRY, reason); }
  /// Not delivered and never will be: the task stops.
  void fatal(Delivery record, Reason reason) const { say({&record, 1}, WEIR_E_FATAL, reason); }

 private:
  void say(std::span<const Delivery> records, weir_status status, Reason reason) const {
    host_->ack(records.data(), static_cast<std::uint32_t>(records.size()), status, reason.c_str());
  }

  const weir_host* host_;
};

namespace detail {

template <typename T>
concept IsSink = requires(T& t, Batch& batch) {
  { t.put(batch) } -> std::convertible_to<std::size_t>;
};

template <typename T>
concept Serves = requires(T& t, std::chrono::milliseconds timeout) {
  { t.service(timeout) } -> std::same_as<void>;
};
template <typename T>
concept FlushesTaken = requires(T& t, std::chrono::milliseconds timeout) {
  { t.flush(timeout) } -> std::convertible_to<bool>;
};

template <typename T>
weir_status put(void* self, const weir_batch* records, std::uint32_t* taken) noexcept {
  *taken = 0;
  return guarded<T>(self, kMayRetry, [&](Instance<T>& at) {
    Batch batch(at.context.host(), records);
    *taken = static_cast<std::uint32_t>(at.object.put(batch));
    return WEIR_OK;
  });
}

template <typename T>
weir_status service(void* self, [[maybe_unused]] std::uint32_t timeout_ms) noexcept {
  return guarded<T>(self, kMayRetry, [&](Instance<T>& at) {
    at.object.service(std::chrono::milliseconds(timeout_ms));
    return WEIR_OK;
  });
}

/// Not all acknowledged in time is E_RETRY: call again.
template <typename T>
weir_status flush_taken(void* self, [[maybe_unused]] std::uint32_t timeout_ms) noexcept {
  return guarded<T>(self, kMayRetry, [&](Instance<T>& at) -> weir_status {
    if constexpr (FlushesTaken<T>) {
      return at.object.flush(std::chrono::milliseconds(timeout_ms)) ? WEIR_OK : WEIR_E_RETRY;
    } else {
      return WEIR_OK;
    }
  });
}

template <typename T>
consteval void check_sink_members() {
  check_common_members<T>();
  static_assert(Serves<T> || !has_service<T>(),
                "service would never be called: write it as a public void service(std::chrono::milliseconds timeout)");
  static_assert(
      FlushesTaken<T> || !has_flush<T>(),
      "flush would never be called: write it as a public bool flush(std::chrono::milliseconds timeout), true when all "
      "that was taken is acknowledged");
}

template <typename T>
consteval weir_sink sink_table() {
  check_sink_members<T>();
  weir_sink table{};
  table.struct_size = sizeof(weir_sink);
  table.capabilities = bit_if(reads_document_of<T>(false), WEIR_READS_DOC) |
                       bit_if(durable_of<T>(false), WEIR_DURABLE) | bit_if(exclusive_of<T>(false), WEIR_EXCLUSIVE);
  table.create = &create<T, Use::read>;
  table.destroy = &destroy<T>;
  table.start = &start<T>;
  table.put = &put<T>;
  if constexpr (Serves<T>) table.service = &service<T>;
  table.flush = &flush_taken<T>;
  table.stop = &stop<T>;
  table.extension = &extension<T>;
  return table;
}

template <IsSink T>
struct Kind<T> {
  static constexpr std::uint32_t id = WEIR_SINK;
  static constexpr weir_sink table = sink_table<T>();
};

}  // namespace detail
}  // namespace weir
