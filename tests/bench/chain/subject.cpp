#include "subject.h"

#include <stdexcept>

#include "cli/load.h"
#include "count_allocations.h"
#include "cpu_clock.h"

namespace weir::bench {
namespace {

host::spec::PipelineSpec load(const std::string& file, const host::Registry& registry) {
  auto pipelines = host::cli::load_pipelines({file}, registry, {.allow_unset = true});
  if (!pipelines || pipelines->size() != 1) throw std::runtime_error(file + " does not hold one good pipeline");
  return std::move(pipelines->front());
}

host::TaskParts assemble(const host::spec::PipelineSpec& pipeline, const host::Registry& registry) {
  host::spec::Diagnostics diagnostics;
  auto parts =
      host::cli::assemble_transforms(pipeline, registry, host::TaskSeat{0, 1, pipeline.memory, nullptr}, diagnostics);
  if (!parts) throw std::runtime_error(diagnostics.text());
  return std::move(*parts);
}

void check(const host::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.message());
}

}  // namespace

Subject::Subject(const std::string& file, const host::Registry& registry)
    : pipeline_(load(file, registry)),
      parts_(assemble(pipeline_, registry)),
      memory_(pipeline_.memory),
      home_{&memory_, &acks_, parts_.json.get()},
      chain_(
          parts_.stages, parts_.json.get(), {pipeline_.retry_timeout, pipeline_.retry_delay_max},
          [](host::Milliseconds) { return false; }, host::Log()),
      slice_(home_) {
  check(chain_.start());
}

Subject::~Subject() { chain_.stop(); }

std::size_t Subject::slice_size(std::span<const Events::Event> events) {
  std::size_t count = 0;
  for (std::size_t bytes = 0; count < events.size() && count < host::Slice::kRecords; ++count) {
    bytes += events[count].line.size();
    if (count > 0 && bytes > host::Slice::kBytes) break;
  }
  return count;
}

void Subject::run(std::span<const Events::Event> events, const Sink& sink) {
  const long allocations = weir_bench_allocations();
  fill(events);
  cost_.chain_ns += timed([&] { check(chain_.run(slice_)); });
  deliver(events, sink);
  slice_.recycle();
  cost_.allocations += weir_bench_allocations() - allocations;
}

void Subject::fill(std::span<const Events::Event> events) {
  for (const Events::Event& event : events) {
    host::Origin* origin = slice_.origins()->open(host::Origin::kNoPartition, host::kNullBytes, 0);
    slice_.append(*origin)->set_slot(WEIR_VALUE, slice_.arena().copy(event.line));
  }
  slice_.seal();
}

void Subject::deliver(std::span<const Events::Event> events, const Sink& sink) {
  std::size_t number = 0;
  for (const host::Record* record : slice_.records()) {
    const Events::Event& event = events[number++];
    if (record->fate == host::Fate::failed) throw std::runtime_error(record->failure->reason);
    if (record->fate != host::Fate::live) continue;
    ++cost_.delivered;
    if (sink) sink(*record, event);
  }
}

}  // namespace weir::bench
