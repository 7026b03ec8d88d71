#pragma once
#include <memory>

#include "pipeline/figures.h"
#include "pipeline/io.h"

namespace weir::host {

/// What lies between the two legs of a pipeline with a spool: one is the other's sink and source. One for each start of a plan; it
/// outlives what it makes.
class Backlog {
 public:
  virtual ~Backlog() = default;
  /// For one task of the first leg; each gets its own. Nothing is touched before it is started. [control]
  [[nodiscard]] virtual std::unique_ptr<Sink> make_sink() = 0;
  /// For the one task of the second leg. [control]
  [[nodiscard]] virtual std::unique_ptr<Source> make_source(Positions& positions) = 0;
  /// The first leg has come to its own end, its sinks have stopped: once all is taken, its source is exhausted. [any]
  virtual void end_input() = 0;
  /// Both legs have ended: whoever comes next may have the spool. Until then it is not left while one of them is not started. [any]
  virtual void close() = 0;
  /// [any]
  [[nodiscard]] virtual BacklogFigures figures() const = 0;
};

}  // namespace weir::host
