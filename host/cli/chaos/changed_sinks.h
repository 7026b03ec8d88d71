#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "cli/chaos/shared_page.h"
#include "cli/passing_sink.h"

namespace weir::host::cli::chaos {

/// Puts no more than is read back from the broker.
class MeteredSink final : public PassingSink {
 public:
  MeteredSink(std::unique_ptr<Sink> inner, SharedPage& page) : PassingSink(std::move(inner)), page_(page) {}

  Status put(std::span<Record* const> records, std::size_t& taken) override;

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] std::size_t fitting(std::span<Record* const> records);
  [[nodiscard]] std::uint64_t unread_now();

  SharedPage& page_;
  std::uint64_t read_ = 0;
  Clock::time_point since_ = Clock::now();  // read_ has not grown
};

/// Gives dead letters the mark that their record had when its source gave it.
class MarkedLetters final : public PassingSink {
 public:
  using PassingSink::PassingSink;

  Status put(std::span<Record* const> records, std::size_t& taken) override;
};

}  // namespace weir::host::cli::chaos
