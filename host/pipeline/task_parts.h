#pragma once
#include <memory>
#include <vector>

#include "json/engine.h"
#include "pipeline/io.h"
#include "pipeline/letter_seal.h"
#include "pipeline/overflow.h"
#include "pipeline/settings.h"

namespace weir::host {

/// Which task of a pipeline is built, and what of it exists before its components.
struct TaskSeat {
  std::uint32_t task = 0;
  std::uint32_t count = 1;
  std::uint64_t memory = 0;        // this task's share of `memory:`, bytes
  Positions* positions = nullptr;  // outlives the parts
  LegKind leg = LegKind::whole;
};

/// The transforms of one further thread, which share nothing with those of another but the plans.
struct ChainParts {
  std::unique_ptr<json::Engine> json;  // a sibling of the task's; null where that is
  std::vector<std::unique_ptr<Predicate>> predicates;
  std::vector<Stage> stages;
};

/// Everything one task runs on, wired by the command line (or a test) and owned by the task. Built in this order, destroyed in
/// the opposite one: components may use the engine and positions as long as they live.
struct TaskParts {
  std::unique_ptr<json::Engine> json;
  std::unique_ptr<Source> source;  // null until the pipeline puts its spool there: of the second leg
  std::vector<std::unique_ptr<Predicate>> predicates;
  std::vector<Stage> stages;
  std::vector<ChainParts>
      threads;  // the same stages for each thread that transforms; none: the task's own does, on `stages`
  std::unique_ptr<Sink> sink;         // likewise, of the first leg
  std::unique_ptr<Sink> dead_letter;  // null: none
  std::unique_ptr<LetterSeal> seal;   // of dead letters; null: they are not encrypted
  Overflow* overflow = nullptr;       // for what dead_letter refuses, outlives the parts; null: that fails the pipeline
};

}  // namespace weir::host
