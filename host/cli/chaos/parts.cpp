#include "cli/chaos/parts.h"

#include <memory>

#include "cli/chaos/changed_sinks.h"
#include "cli/chaos/marked_source.h"

namespace weir::host::cli::chaos {
namespace {

void change_sinks(TaskParts& parts, SharedPage& page, const SinkKinds& kinds) {
  if (parts.sink) parts.sink = std::make_unique<MeteredSink>(std::move(parts.sink), page);
  if (parts.dead_letter && kinds.dead_letters_are_messages)
    parts.dead_letter = std::make_unique<MeteredSink>(std::move(parts.dead_letter), page);
  if (parts.dead_letter) parts.dead_letter = std::make_unique<MarkedLetters>(std::move(parts.dead_letter));
}

}  // namespace

BuildTask with_marks(BuildTask build, SharedPage& page, const SinkKinds& kinds) {
  const auto pace = std::make_shared<Pace>(page);
  return [build = std::move(build), &page, kinds, pace](const TaskSeat& seat) -> Result<TaskParts> {
    const bool reads_spool = seat.leg == LegKind::drain;  // its records have their marks
    auto positions = std::make_unique<NamedPositions>(*seat.positions);
    TaskSeat named = seat;
    if (!reads_spool) named.positions = positions.get();
    auto parts = build(named);
    if (!parts) return parts;
    if (!reads_spool)
      parts->source = std::make_unique<MarkedSource>(std::move(positions), std::move(parts->source), pace);
    change_sinks(*parts, page, kinds);
    return parts;
  };
}

}  // namespace weir::host::cli::chaos
