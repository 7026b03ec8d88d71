#include "rig.h"

namespace weir::host::fake {

PipelineSettings quick_settings() {
  PipelineSettings settings;
  settings.name = "tested";
  settings.tolerate_bad_records = true;
  settings.source_resumable = true;
  settings.retry_timeout = Milliseconds(300);
  settings.retry_delay_max = Milliseconds(10);
  settings.offsets_interval = Milliseconds(1);
  settings.shutdown_timeout = Milliseconds(100);
  return settings;
}

namespace {

Source& make_source(TaskParts& parts, Task& task, std::vector<Event> events) {
  auto source = std::make_unique<Source>(std::move(events), *task.seat().positions);
  Source& made = *source;
  parts.source = std::move(source);
  return made;
}

Sink& make_sink(std::unique_ptr<host::Sink>& place) {
  auto sink = std::make_unique<Sink>();
  Sink& made = *sink;
  place = std::move(sink);
  return made;
}

std::unique_ptr<Task> make_task(const PipelineSettings& settings, Checkpointer& checkpointer) {
  if (Status status = checkpointer.load(); !status.ok()) throw std::runtime_error(status.message());
  return std::make_unique<Task>(settings, 0, checkpointer, Log());
}

}  // namespace

Rig::Rig(PipelineSettings settings, std::vector<Event> events, Disk& disk)
    : disk_(disk),
      settings_(std::move(settings)),
      checkpointer_(make_memory_store(disk), settings_.tasks, settings_.offsets_interval),
      task_(make_task(settings_, checkpointer_)),
      source(make_source(parts_, *task_, std::move(events))),
      sink(make_sink(parts_.sink)) {}

Stage& Rig::add(const std::string& name, Transform::Apply apply, std::uint32_t capabilities) {
  Stage& stage = parts_.stages.emplace_back();
  stage.name = name;
  stage.capabilities = capabilities;
  stage.transform = std::make_unique<Transform>(std::move(apply));
  return stage;
}

void Rig::add_threads(std::size_t count, const std::string& name, const Transform::Apply& apply) {
  for (std::size_t i = 0; i < count; ++i) {
    auto transform = std::make_unique<Transform>(apply);
    threads_.push_back(transform.get());
    Stage& stage = parts_.threads.emplace_back().stages.emplace_back();
    stage.name = name;
    stage.capabilities = WEIR_STATELESS;
    stage.transform = std::move(transform);
  }
}

host::Predicate* Rig::predicate(std::function<bool(Record&)> matches) {
  parts_.predicates.push_back(std::make_unique<Predicate>(std::move(matches)));
  return parts_.predicates.back().get();
}

Sink& Rig::add_dead_letter() { return make_sink(parts_.dead_letter); }

void Rig::replace_sink(std::unique_ptr<host::Sink> other) {
  unused_sink_ = std::exchange(parts_.sink, std::move(other));
}

Outcome Rig::run() {
  task_->equip(std::move(parts_));
  return task_->run();
}

std::string Rig::position(const std::string& partition) const {
  const auto found = stored().positions.find(partition);
  return found == stored().positions.end() ? std::string() : found->second;
}

}  // namespace weir::host::fake
