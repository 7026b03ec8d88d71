#pragma once
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "cli/chaos/shared_page.h"
#include "pipeline/io.h"

namespace weir::host::cli::chaos {

/// Knows the partitions' names.
class NamedPositions final : public Positions {
 public:
  explicit NamedPositions(Positions& inner) : inner_(inner) {}

  std::uint32_t partition(std::string_view name) override {
    const std::uint32_t id = inner_.partition(name);
    names_.emplace(id, name);
    return id;
  }
  std::optional<std::string> stored(std::string_view partition) const override { return inner_.stored(partition); }
  Status revoke(std::string_view partition, Milliseconds timeout) override { return inner_.revoke(partition, timeout); }

  [[nodiscard]] std::string_view name(std::uint32_t id) const {
    const auto found = names_.find(id);
    return found == names_.end() ? std::string_view() : found->second;
  }

 private:
  Positions& inner_;
  std::map<std::uint32_t, std::string> names_;
};

/// How many records may be given now. [any]
class Pace {
 public:
  explicit Pace(const SharedPage& page) : page_(page) {}

  /// At least one, once its time has come; 0: not yet. What is not given soon is not made up for later.
  [[nodiscard]] std::uint32_t allowed(std::uint32_t wanted);
  void note(std::size_t count);

 private:
  using Clock = std::chrono::steady_clock;

  const SharedPage& page_;
  std::mutex mutex_;  // guards what is below
  Clock::time_point then_ = Clock::now();
  double due_ = 0;  // records
};

/// Marks what its source gives (mark.h), and slows it down.
class MarkedSource final : public Source {
 public:
  MarkedSource(std::unique_ptr<NamedPositions> positions, std::unique_ptr<Source> inner, std::shared_ptr<Pace> pace)
      : positions_(std::move(positions)), inner_(std::move(inner)), pace_(std::move(pace)) {}

  Status start() override { return inner_->start(); }
  Status poll(Slice& into, const PollLimits& limits) override;
  void settled(std::span<const weir_settled> origins) noexcept override { inner_->settled(origins); }
  void wake() noexcept override { inner_->wake(); }
  void stop() noexcept override { inner_->stop(); }

 private:
  void mark(Slice& slice);

  std::unique_ptr<NamedPositions> positions_;  // before the source, which uses them as long as it lives
  std::unique_ptr<Source> inner_;
  std::shared_ptr<Pace> pace_;  // shared by the tasks
  std::string position_;        // of the newest record, as its mark has it
  std::size_t number_ = 0;      // of that record among those of its position, which may come in several polls
};

}  // namespace weir::host::cli::chaos
