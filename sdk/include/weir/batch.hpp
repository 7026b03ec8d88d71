#pragma once
#include <concepts>
#include <span>

#include "weir/record.hpp"
#include "weir/thrown.hpp"

namespace weir {

/// The records of one call, in order. [task], during one call.
class Batch {
 public:
  class Iterator {
   public:
    using value_type = Record;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Iterator(const weir_host* host, weir_record* const* at) : host_(host), at_(at) {}
    Record operator*() const { return {host_, *at_}; }
    Iterator& operator++() { return ++at_, *this; }
    Iterator operator++(int) { return {host_, at_++}; }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.at_ == b.at_; }

   private:
    const weir_host* host_ = nullptr;
    weir_record* const* at_ = nullptr;
  };

  Batch(const weir_host* host, const weir_batch* batch) : host_(host), records_(batch->records, batch->count) {}

  [[nodiscard]] std::size_t size() const { return records_.size(); }
  [[nodiscard]] Record operator[](std::size_t index) const { return {host_, records_[index]}; }
  [[nodiscard]] Iterator begin() const { return {host_, records_.data()}; }
  [[nodiscard]] Iterator end() const { return {host_, records_.data() + records_.size()}; }
  /// As Acks takes them.
  [[nodiscard]] std::span<const Delivery> deliveries() const { return records_; }

  /// Calls call(Record&) for each; what it throws fails that record only, but RetryError and FatalError, which leave.
  template <std::invocable<Record&> Call>
  void each(Call&& call) const;

 private:
  const weir_host* host_;
  std::span<weir_record* const> records_;
};

namespace detail {

/// Fails a record for the exception being handled. RetryError and FatalError go on: they are about more than one record.
inline void fail_record(const weir_host* host, weir_record* record) {
  try {
    throw;
  } catch (const DataError& error) {
    Record(host, record).fail(error);
  } catch (const RetryError&) {
    throw;
  } catch (const FatalError&) {
    throw;
  } catch (...) {
    host->fail(record, WEIR_E_DATA, thrown_reason(), nullptr);
  }
}

}  // namespace detail

template <std::invocable<Record&> Call>
void Batch::each(Call&& call) const {
  for (weir_record* handle : records_) {
    Record record(host_, handle);
    try {
      call(record);
    } catch (...) {
      detail::fail_record(host_, handle);
    }
  }
}

}  // namespace weir
