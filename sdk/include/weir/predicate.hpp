#pragma once
#include "weir/batch.hpp"
#include "weir/plugin.hpp"

/// A predicate is a class with
///
///   static constexpr auto name, version, summary;       [details, fields]
///   explicit Class(const weir::Context&);                or nothing; touches nothing outside
///   bool test(weir::Record&);                            true: chosen. May be const, may take a const Record&
///
/// and, where wanted, `static constexpr bool tombstones = true` (asked about null values too), `reads_document = false` (looks
/// at the envelope only). A record it cannot judge fails: throw DataError. It changes nothing. Calls come from one thread at a
/// time; with `transform_threads` each thread has its own instance, so it answers from the record alone.
namespace weir::detail {

template <typename T>
concept IsPredicate = requires(T& t, Record& record) {
  { t.test(record) } -> std::convertible_to<bool>;
};

template <typename T>
weir_status test(void* self, const weir_batch* batch, std::uint8_t* matches) noexcept {
  return guarded<T>(self, kMayRetry, [&](Instance<T>& at) {
    const weir_host* host = at.context.host();
    for (std::uint32_t i = 0; i < batch->count; ++i) {
      matches[i] = 0;
      Record record(host, batch->records[i]);
      try {
        matches[i] = at.object.test(record) ? 1 : 0;
      } catch (...) {
        fail_record(host, batch->records[i]);
      }
    }
    return WEIR_OK;
  });
}

template <typename T>
consteval weir_predicate predicate_table() {
  static_assert(!has_start<T>() && !has_stop<T>(),
                "start and stop of a predicate would never be called: it judges a record alone");
  weir_predicate table{};
  table.struct_size = sizeof(weir_predicate);
  table.capabilities =
      bit_if(reads_document_of<T>(true), WEIR_READS_DOC) | bit_if(tombstones_of<T>(false), WEIR_TOMBSTONES);
  table.create = &create<T, Use::read>;
  table.destroy = &destroy<T>;
  table.test = &test<T>;
  return table;
}

template <IsPredicate T>
struct Kind<T> {
  static constexpr std::uint32_t id = WEIR_PREDICATE;
  static constexpr weir_predicate table = predicate_table<T>();
};

}  // namespace weir::detail
