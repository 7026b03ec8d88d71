#pragma once
#include <deque>
#include <functional>
#include <map>
#include <string>

#include "pipeline/checkpointer.h"
#include "pipeline/io.h"

namespace weir::host {

/// The source partitions of one task: names to small numbers and back, so that an origin carries four bytes. What a source sees as
/// Positions. [task]
class PartitionTable final : public Positions {
 public:
  /// Drains and stores a partition; set by the task's loop.
  using Drain = std::function<Status(std::uint32_t partition, Milliseconds timeout)>;

  explicit PartitionTable(const Checkpointer& checkpointer) : checkpointer_(&checkpointer) {}
  void on_revoke(Drain drain) { drain_ = std::move(drain); }

  std::uint32_t partition(std::string_view name) override;
  [[nodiscard]] std::optional<std::string> stored(std::string_view partition) const override {
    return checkpointer_->stored(partition);
  }
  /// After it the name gets a new number when it comes again: what still carries the old one moves no position.
  Status revoke(std::string_view partition, Milliseconds timeout) override;

  /// Empty for Origin::kNoPartition.
  [[nodiscard]] std::string_view name(std::uint32_t partition) const;

 private:
  const Checkpointer* checkpointer_;
  Drain drain_;
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
  std::deque<std::string> names_;  // they do not move: headers of dead letters point to them
  std::uint32_t latest_ = 0;       // what partition() answered last: sources read one partition for a while
};

}  // namespace weir::host
