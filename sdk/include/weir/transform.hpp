#pragma once
#include <algorithm>
#include <array>
#include <vector>

#include "weir/batch.hpp"
#include "weir/plugin.hpp"

/// A transform is a class with
///
///   static constexpr auto name, version, summary;       [details, fields]
///   explicit Class(const weir::Context&);                or nothing; touches nothing outside
///   void apply(weir::Record&)  or  apply(weir::Batch&)   [, weir::Emitter&]
///
/// and, where wanted,
///
///   void start(); void stop();                                       open and close what lies outside
///   std::optional<weir::Timestamp> tick(weir::Emitter&, weir::Timestamp now);   timers: when to call again
///   void flush(weir::Emitter&);                                      emit what is held
///   static constexpr bool privacy = true;         protects people: when it fails, the record goes nowhere else
///   static constexpr bool tombstones = true;      wants null values too; without it they never come here
///   static constexpr bool stateless = true;       instances may run side by side on one task's records:
///                                                 no flush then, and a tick that makes no records
///   static constexpr bool holds = true;           calls Record::hold and Emitter::emit
///   static constexpr bool reads_document = false, mutates = false;   never asks for JSON; changes nothing
///
/// Calls come from one thread at a time. What apply(Record&) throws fails that record only, but RetryError (same call again:
/// it must come before anything was touched, so after the slice's first record it stops the task; a class that waits for others
/// takes a Batch) and FatalError. What apply(Batch&) throws fails the batch; Batch::each guards each record.
namespace weir {

/// Where a transform that holds puts records out. [task], during one call.
class Emitter {
 public:
  Emitter(const weir_host* host, weir_output* output) : host_(host), output_(output) {}

  /// A new record in place of held ones, whose origins it takes over; of none: a record of the transform's own. Held ones are
  /// used up. One held record goes on as it was by emit({&one, 1}).
  Record emit(std::span<const Record> from) {
    std::array<weir_record*, 64> few;  // no allocation for as many as a slice holds
    std::vector<weir_record*> many(from.size() > few.size() ? from.size() : 0);
    weir_record** const handles = many.empty() ? few.data() : many.data();
    std::transform(from.begin(), from.end(), handles, [](const Record& record) { return record.handle(); });
    weir_record* made = host_->emit(output_, handles, static_cast<std::uint32_t>(from.size()));
    if (made == nullptr) throw FatalError("the host cannot emit a record");
    return {host_, made};
  }

 private:
  const weir_host* host_;
  weir_output* output_;
};

namespace detail {

inline void fail_batch(const weir_host* host, const weir_batch* batch) {
  for (std::uint32_t i = 0; i < batch->count; ++i) {
    try {
      throw;
    } catch (...) {
      fail_record(host, batch->records[i]);
    }
  }
}

template <typename T>
concept AppliesRecord = requires(T& t, Record& record) {
  t.apply(record);
};
template <typename T>
concept AppliesRecordEmitting = requires(T& t, Record& record, Emitter& out) {
  t.apply(record, out);
};
template <typename T>
concept AppliesBatch = requires(T& t, Batch& batch) {
  t.apply(batch);
};
template <typename T>
concept AppliesBatchEmitting = requires(T& t, Batch& batch, Emitter& out) {
  t.apply(batch, out);
};
template <typename T>
concept AppliesRecords = AppliesRecord<T> || AppliesRecordEmitting<T>;
template <typename T>
concept IsTransform = AppliesRecords<T> || AppliesBatch<T> || AppliesBatchEmitting<T>;

template <typename T>
weir_status apply_records(Instance<T>& at, const weir_batch* batch, [[maybe_unused]] weir_output* output) {
  const weir_host* host = at.context.host();
  for (std::uint32_t i = 0; i < batch->count; ++i) {
    Record record(host, batch->records[i]);
    try {
      if constexpr (AppliesRecord<T>) {
        at.object.apply(record);
      } else {
        Emitter emitter(host, output);
        at.object.apply(record, emitter);
      }
    } catch (const RetryError& error) {
      if (i == 0) throw;
      throw FatalError(std::string("cannot try again in the middle of a slice (take a weir::Batch to do so): ") +
                       error.what());
    } catch (...) {
      fail_record(host, batch->records[i]);
    }
  }
  return WEIR_OK;
}

template <typename T>
weir_status apply_batch(Instance<T>& at, const weir_batch* records, [[maybe_unused]] weir_output* output) {
  const weir_host* host = at.context.host();
  try {
    Batch batch(host, records);
    if constexpr (AppliesBatch<T>) {
      at.object.apply(batch);
    } else {
      Emitter emitter(host, output);
      at.object.apply(batch, emitter);
    }
  } catch (...) {
    fail_batch(host, records);
  }
  return WEIR_OK;
}

template <typename T>
weir_status apply(void* self, const weir_batch* batch, weir_output* output) noexcept {
  return guarded<T>(self, kMayRetry, [&](Instance<T>& at) {
    if constexpr (AppliesRecords<T>) {
      return apply_records(at, batch, output);
    } else {
      return apply_batch(at, batch, output);
    }
  });
}

template <typename T>
concept Ticks = requires(T& t, Emitter& out, Timestamp now) {
  { t.tick(out, now) } -> std::convertible_to<std::optional<Timestamp>>;
};
template <typename T>
concept Flushes = requires(T& t, Emitter& out) {
  { t.flush(out) } -> std::same_as<void>;
};

template <typename T>
weir_status tick(void* self, weir_output* output, std::int64_t now_ms, std::int64_t* next_ms) noexcept {
  return guarded<T>(self, kFatalOnly, [&](Instance<T>& at) {
    Emitter emitter(at.context.host(), output);
    const std::optional<Timestamp> next = at.object.tick(emitter, Timestamp(std::chrono::milliseconds(now_ms)));
    if (next) *next_ms = next->time_since_epoch().count();
    return WEIR_OK;
  });
}

template <typename T>
weir_status flush_held(void* self, weir_output* output) noexcept {
  return guarded<T>(self, kFatalOnly, [&](Instance<T>& at) {
    Emitter emitter(at.context.host(), output);
    at.object.flush(emitter);
    return WEIR_OK;
  });
}

template <typename T>
consteval void check_transform_members() {
  check_common_members<T>();
  static_assert(Ticks<T> || !has_tick<T>(),
                "tick would never be called: write it as a public std::optional<weir::Timestamp> tick(weir::Emitter&, "
                "weir::Timestamp now)");
  static_assert(Flushes<T> || !has_flush<T>(),
                "flush would never be called: write it as a public void flush(weir::Emitter&)");
}

template <typename T>
consteval weir_transform transform_table() {
  check_transform_members<T>();
  weir_transform table{};
  table.struct_size = sizeof(weir_transform);
  table.capabilities = bit_if(reads_document_of<T>(true), WEIR_READS_DOC) | bit_if(mutates_of<T>(true), WEIR_MUTATES) |
                       bit_if(privacy_of<T>(false), WEIR_PRIVACY) | bit_if(tombstones_of<T>(false), WEIR_TOMBSTONES) |
                       bit_if(stateless_of<T>(false), WEIR_STATELESS) | bit_if(holds_of<T>(false), WEIR_HOLDS);
  table.create = &create<T, Use::edit>;
  table.destroy = &destroy<T>;
  table.start = &start<T>;
  table.apply = &apply<T>;
  if constexpr (Ticks<T>) table.tick = &tick<T>;
  if constexpr (Flushes<T>) table.flush = &flush_held<T>;
  static_assert(!holds_of<T>(false) || Flushes<T>, "a transform that holds records has flush(weir::Emitter&)");
  table.stop = &stop<T>;
  table.extension = &extension<T>;
  return table;
}

template <IsTransform T>
struct Kind<T> {
  static constexpr std::uint32_t id = WEIR_TRANSFORM;
  static constexpr weir_transform table = transform_table<T>();
};

}  // namespace detail

}  // namespace weir
