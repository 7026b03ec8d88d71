#include "cli/assemble.h"

#include <algorithm>
#include <chrono>

#include "abi/instance.h"
#include "abi/pins.h"
#include "cli/sealed_letter.h"
#include "observe/log.h"
#include "spec/conflicts.h"

namespace weir::host::cli {
namespace {

std::int64_t wall_clock_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

/// Makes components one by one and remembers whether one was refused.
class Assembler {
 public:
  Assembler(const spec::PipelineSpec& pipeline, const Registry& registry, const TaskSeat& seat,
            spec::Diagnostics& diagnostics)
      : pipeline_(pipeline), registry_(registry), seat_(seat), diagnostics_(diagnostics) {
    parts_.json = std::make_unique<json::Engine>();
    json_ = parts_.json.get();
  }

  /// For the task's own thread.
  void transforms() {
    add_stages(parts_.predicates, parts_.stages);
    if (!refused_) check_pins(parts_.stages);
  }

  /// For threads of their own: all alike, so what is wrong with the first is not looked for in the others.
  void transforms_of_threads() {
    for (std::uint32_t thread = 0; thread < pipeline_.transform_threads && !refused_; ++thread) {
      ChainParts& parts = parts_.threads.emplace_back();
      parts.json = parts_.json->sibling();
      json_ = parts.json.get();
      repeats_ = thread > 0;
      add_stages(parts.predicates, parts.stages);
      if (thread == 0 && !refused_) check_pins(parts.stages);
    }
    json_ = parts_.json.get();
    repeats_ = false;
  }

  void connectors() {
    parts_.source = make(pipeline_.source, abi::make_source);
    parts_.sink = make(pipeline_.sink, abi::make_sink);
    if (pipeline_.dead_letter) parts_.dead_letter = make(*pipeline_.dead_letter, abi::make_sink, 1);
    if (pipeline_.dead_letter && pipeline_.dead_letter->payload.encrypted)
      parts_.seal = seal(pipeline_.dead_letter->payload);
  }

  std::optional<TaskParts> take() {
    if (refused_) return std::nullopt;
    return std::move(parts_);
  }

 private:
  abi::InstanceHome home(const spec::ComponentSpec& component, std::uint32_t role) const {
    abi::InstanceHome home;
    home.strict = component.privacy || chooses_for_privacy(component);
    home.log = Log().with("pipeline", pipeline_.name).with("component", component.name);
    home.fields = &component.fields;
    home.json = json_;
    home.positions = seat_.positions;
    home.task = seat_.task;
    home.task_count = seat_.count;
    home.role = role;
    home.memory = seat_.memory;
    home.repeats = repeats_;
    home.privacy = pipeline_.has_privacy_transform();
    if (component.info->kind == WEIR_SINK && role == 0) home.topics = pipeline_.declared_topics();
    home.now_ms = wall_clock_ms;
    home.pipeline = pipeline_.name;
    home.outputs = outputs_;
    return home;
  }

  /// A predicate that a privacy transform goes by: what it cannot judge must not pass as not chosen.
  bool chooses_for_privacy(const spec::ComponentSpec& component) const {
    if (component.info->kind != WEIR_PREDICATE) return false;
    return std::any_of(pipeline_.transforms.begin(), pipeline_.transforms.end(), [&](const auto& transform) {
      return transform.privacy && transform.predicate == component.name;
    });
  }

  template <typename T>
  std::unique_ptr<T> make(const spec::ComponentSpec& component,
                          abi::Created<T> (*maker)(const weir_component&, abi::InstanceHome), std::uint32_t role = 0) {
    abi::Created<T> created = maker(*registry_.component(*component.info), home(component, role));
    for (const abi::CreateError& error : created.errors) refuse(component, error);
    return std::move(created.instance);
  }

  /// With a data key of its own.
  std::unique_ptr<LetterSeal> seal(const spec::PayloadSpec& payload) {
    auto keys = letter_keys(payload.secrets);
    if (keys) return make_letter_seal(*keys);
    refused_ = true;
    diagnostics_.error(pipeline_.file, payload.secrets_mark, "'encryption_secret': " + keys.status().message());
    return nullptr;
  }

  void refuse(const spec::ComponentSpec& component, const abi::CreateError& error) {
    refused_ = true;
    const spec::Value* field = error.pointer.empty() ? nullptr : component.fields.at(error.pointer);
    const std::string field_name = error.pointer.empty() ? std::string() : error.pointer + ": ";
    const spec::Mark mark = field != nullptr && field->mark.line != 0 ? field->mark : component.mark;
    diagnostics_.error(pipeline_.file, mark, component.name + ": " + field_name + error.status.message());
  }

  void add_stages(std::vector<std::unique_ptr<Predicate>>& predicates, std::vector<Stage>& stages) {
    for (const auto& predicate : pipeline_.predicates) predicates.push_back(make(predicate, abi::make_predicate));
    for (const auto& transform : pipeline_.transforms) stages.push_back(make_stage(transform, predicates));
  }

  Stage make_stage(const spec::ComponentSpec& transform, const std::vector<std::unique_ptr<Predicate>>& predicates) {
    Stage stage;
    stage.name = transform.name;
    stage.capabilities = transform.info->capabilities;
    stage.negate = transform.negate;
    stage.transform = make(transform, abi::make_transform);
    for (std::size_t i = 0; i < pipeline_.predicates.size(); ++i) {
      if (pipeline_.predicates[i].name != transform.predicate) continue;
      stage.predicate = predicates[i].get();
      stage.predicate_sees_null = (pipeline_.predicates[i].info->capabilities & WEIR_TOMBSTONES) != 0;
    }
    return stage;
  }

  void check_pins(const std::vector<Stage>& stages) {
    for (const abi::PinBreach& breach : abi::check_pins(stages)) {
      refused_ = true;
      diagnostics_.error(pipeline_.file, pipeline_.transforms[breach.writer].mark,
                         stages[breach.writer].name + " writes " + breach.written + ", which " +
                             stages[breach.pinner].name + " before it relies on (" + breach.pinned + ")",
                         "put it before " + stages[breach.pinner].name);
    }
  }

  const spec::PipelineSpec& pipeline_;
  const Registry& registry_;
  const TaskSeat& seat_;
  spec::Diagnostics& diagnostics_;
  const std::vector<std::string> outputs_ = spec::files_written(pipeline_);
  TaskParts parts_;
  json::Engine* json_ = nullptr;  // of the thread whose components are made
  bool repeats_ = false;
  bool refused_ = false;
};

}  // namespace

std::optional<TaskParts> assemble_transforms(const spec::PipelineSpec& pipeline, const Registry& registry,
                                             const TaskSeat& seat, spec::Diagnostics& diagnostics) {
  Assembler assembler(pipeline, registry, seat, diagnostics);
  assembler.transforms();
  return assembler.take();
}

std::optional<TaskParts> assemble(const spec::PipelineSpec& pipeline, const Registry& registry, const TaskSeat& seat,
                                  spec::Diagnostics& diagnostics) {
  Assembler assembler(pipeline, registry, seat, diagnostics);
  const bool by_threads = pipeline.transform_threads > 0 && !pipeline.transforms.empty();
  by_threads ? assembler.transforms_of_threads() : assembler.transforms();
  assembler.connectors();
  return assembler.take();
}

}  // namespace weir::host::cli
