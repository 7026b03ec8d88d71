#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cli/assemble.h"
#include "events.h"
#include "pipeline/chain.h"
#include "plugin/registry.h"

namespace weir::bench {

/// The transforms of one pipeline, as a task runs them, between a source and a sink that are memory. One thread.
class Subject {
 public:
  struct Cost {
    std::int64_t chain_ns = 0;     // CPU in the chain
    std::int64_t allocations = 0;  // of the chain, and of filling and recycling its slices
    std::int64_t delivered = 0;    // records that reached the sink
  };
  /// A record that reached the sink, and the event it was.
  using Sink = std::function<void(const host::Record&, const Events::Event&)>;

  /// The pipeline in `file`, which holds one. Throws std::runtime_error when it cannot be made.
  Subject(const std::string& file, const host::Registry& registry);
  ~Subject();
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  [[nodiscard]] const std::string& name() const { return pipeline_.name; }
  /// How many of these events make one slice.
  [[nodiscard]] static std::size_t slice_size(std::span<const Events::Event> events);
  /// Takes one slice of events through; adds to the cost. Throws std::runtime_error when a record fails.
  void run(std::span<const Events::Event> events, const Sink& sink = {});
  /// Since the last call.
  [[nodiscard]] Cost take() { return std::exchange(cost_, {}); }

 private:
  class NoAcks final : public host::Acks {
   public:
    void ack(std::span<host::Record* const>, weir_status, const char*) noexcept override {}
  };

  void fill(std::span<const Events::Event> events);
  void deliver(std::span<const Events::Event> events, const Sink& sink);

  host::spec::PipelineSpec pipeline_;
  host::TaskParts parts_;
  host::MemoryMeter memory_;
  NoAcks acks_;
  host::SliceHome home_;
  host::Chain chain_;
  host::Slice slice_;
  Cost cost_;
};

}  // namespace weir::bench
