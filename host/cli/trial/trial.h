#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/chain.h"
#include "pipeline/task_parts.h"
#include "spec/pipeline_spec.h"

namespace weir::host::cli {

/// A record on its way into a trial, as a source would give it. Views: copied when it is taken.
struct Message {
  std::optional<std::string_view> key;    // nothing: null
  std::optional<std::string_view> value;  // nothing: a tombstone
  std::optional<std::string_view> topic;  // nothing: the sink's own
  std::vector<std::pair<std::string_view, std::optional<std::string_view>>> headers;
};

/// Takes records through a pipeline's transforms without source and sink, a slice a record: what `weir try` and `weir test` run.
/// Timers do not run; what transforms hold back comes out at flush().
class Trial {
 public:
  /// Sees what becomes of the records. A status that is not OK ends the call that made them, with that status.
  class Audience {
   public:
    virtual ~Audience() = default;
    /// Whether step() is to be called: edits are then in the bytes after each transform, in a run only after the last.
    [[nodiscard]] virtual bool wants_steps() const { return false; }
    /// After each transform.
    virtual void step(const std::string& /*transform*/, const Slice& /*slice*/) {}
    /// After the last: live ones would reach the sink, failed ones would be dead letters. Edits are in the bytes.
    virtual Status result(const Slice& slice) = 0;
  };

  /// `pipeline` and `audience` outlive the trial.
  Trial(const spec::PipelineSpec& pipeline, TaskParts parts, Audience& audience);

  [[nodiscard]] Status start();
  /// E_DATA: larger than the pipeline's memory lets a record be.
  [[nodiscard]] Status take(const Message& message);
  [[nodiscard]] Status flush();
  /// After start(), whatever that said.
  void stop() noexcept;

 private:
  /// Nothing is delivered here, so nothing is acknowledged either.
  class NoAcks final : public Acks {
   public:
    void ack(std::span<Record* const>, weir_status, const char*) noexcept override {}
  };

  Status through(Slice& slice, std::size_t first);
  void show_step(Slice& slice, std::size_t stage);
  Slice& fresh_slice();
  [[nodiscard]] bool held_back() const;

  const spec::PipelineSpec& pipeline_;
  Audience& audience_;
  TaskParts parts_;
  MemoryMeter memory_;
  NoAcks acks_;
  SliceHome home_;
  Chain chain_;
  std::vector<std::unique_ptr<Slice>> slices_;
};

}  // namespace weir::host::cli
