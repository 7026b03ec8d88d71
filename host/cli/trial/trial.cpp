#include "cli/trial/trial.h"

#include <thread>

namespace weir::host::cli {
namespace {

bool pause(Milliseconds delay) {
  std::this_thread::sleep_for(delay);
  return true;
}

std::size_t size_of(const Message& message) {
  std::size_t size = message.key.value_or("").size() + message.value.value_or("").size();
  for (const auto& [name, value] : message.headers) size += name.size() + value.value_or("").size();
  return size;
}

Bytes copied(Slice& slice, const std::optional<std::string_view>& bytes) {
  return bytes ? slice.arena().copy(*bytes) : kNullBytes;
}

void fill(Slice& slice, const Message& message) {
  Origin* origin = slice.origins()->open(Origin::kNoPartition, kNullBytes, 0);
  Record* record = slice.append(*origin);
  record->set_slot(WEIR_KEY, copied(slice, message.key));
  record->set_slot(WEIR_VALUE, copied(slice, message.value));
  record->topic = copied(slice, message.topic);
  for (const auto& [name, value] : message.headers) record->add_header(name, copied(slice, value));
  slice.seal();
}

}  // namespace

Trial::Trial(const spec::PipelineSpec& pipeline, TaskParts parts, Audience& audience)
    : pipeline_(pipeline),
      audience_(audience),
      parts_(std::move(parts)),
      memory_(pipeline.memory),
      home_{&memory_, &acks_, parts_.json.get()},
      chain_(parts_.stages, parts_.json.get(), {pipeline.retry_timeout, pipeline.retry_delay_max}, pause,
             Log().with("pipeline", pipeline.name)) {}

Status Trial::start() { return chain_.start(); }

void Trial::stop() noexcept { chain_.stop(); }

Status Trial::take(const Message& message) {
  if (size_of(message) > memory_.record_limit()) return Status::data("The record is larger than a quarter of memory.");
  Slice& slice = fresh_slice();
  fill(slice, message);
  return through(slice, 0);
}

Status Trial::flush() {
  for (std::size_t stage = 0; stage < chain_.stages(); ++stage) {
    if (!chain_.holds(stage)) continue;
    Slice& slice = fresh_slice();
    if (Status flushed = chain_.flush(stage, slice); !flushed.ok()) return flushed;
    show_step(slice, stage);
    if (Status status = through(slice, stage + 1); !status.ok()) return status;
  }
  return {};
}

Status Trial::through(Slice& slice, std::size_t first) {
  for (std::size_t stage = first; stage < chain_.stages(); ++stage) {
    if (Status applied = chain_.apply(stage, slice); !applied.ok()) return applied;
    show_step(slice, stage);
  }
  chain_.finish(slice);
  return audience_.result(slice);
}

void Trial::show_step(Slice& slice, std::size_t stage) {
  if (!audience_.wants_steps()) return;
  chain_.finish(slice);
  audience_.step(pipeline_.transforms[stage].name, slice);
}

Slice& Trial::fresh_slice() {
  if (held_back())
    slices_.emplace_back(new Slice(home_));
  else
    slices_.back()->recycle();
  return *slices_.back();
}

/// The newest slice may not be used again: a transform keeps records of it, or there is none.
bool Trial::held_back() const {
  if (slices_.empty()) return true;
  for (const Record* record : slices_.back()->records()) {
    if (record->fate == Fate::held) return true;
  }
  return false;
}

}  // namespace weir::host::cli
