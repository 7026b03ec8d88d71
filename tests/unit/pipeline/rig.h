#pragma once
#include <memory>
#include <string>
#include <vector>

#include "fakes.h"
#include "pipeline/task.h"

namespace weir::host::fake {

/// One task on fakes, ready to be set up and run once. The disk may be shared by several runs.
class Rig {
 public:
  Rig(PipelineSettings settings, std::vector<Event> events, Disk& disk);
  Rig(PipelineSettings settings, std::vector<Event> events) : Rig(std::move(settings), std::move(events), own_disk_) {}

  /// Appends a transform; its stage can be changed before run().
  Stage& add(const std::string& name, Transform::Apply apply, std::uint32_t capabilities = 0);
  [[nodiscard]] Transform& transform(std::size_t stage) {
    return static_cast<Transform&>(*parts_.stages[stage].transform);
  }
  /// One transform on so many threads; all call the same function.
  void add_threads(std::size_t count, const std::string& name, const Transform::Apply& apply);
  /// That of one thread; alive as long as the rig.
  [[nodiscard]] Transform& transform_of(std::size_t thread) { return *threads_[thread]; }
  [[nodiscard]] host::Predicate* predicate(std::function<bool(Record&)> matches);
  /// Gives it a dead letter sink.
  Sink& add_dead_letter();

  /// Seals its dead letters.
  void set_seal(std::unique_ptr<LetterSeal> seal) { parts_.seal = std::move(seal); }

  /// For what the dead letter sink refuses; outlives the rig's run.
  void set_overflow(Overflow& overflow) { parts_.overflow = &overflow; }

  /// Another sink instead of `sink`, which is then not used.
  void replace_sink(std::unique_ptr<host::Sink> sink);

  /// Runs the task to its end on this thread.
  Outcome run();
  void request_stop() { task_->request_stop(); }
  [[nodiscard]] Ledger ledger() const { return task_->ledger(); }
  [[nodiscard]] Figures figures() const { return task_->figures(); }
  [[nodiscard]] const Checkpoint& stored() const { return disk_.checkpoint; }
  [[nodiscard]] std::string position(const std::string& partition = "p") const;

 private:
  Disk own_disk_;
  Disk& disk_;
  PipelineSettings settings_;
  Checkpointer checkpointer_;
  std::unique_ptr<Task> task_;
  TaskParts parts_;
  std::unique_ptr<host::Sink> unused_sink_;
  std::vector<Transform*> threads_;  // in the parts

 public:
  Source& source;  // the task's; alive as long as the rig
  Sink& sink;
};

/// Short timeouts, errors tolerated.
[[nodiscard]] PipelineSettings quick_settings();

}  // namespace weir::host::fake
