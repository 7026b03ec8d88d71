#include "cli/assemble.h"

#include <algorithm>
#include <map>
#include <span>

#include "abi/instance.h"
#include "abi/pins.h"
#include "cli/envelope/sealed_letter.h"
#include "cli/moment.h"
#include "observe/log.h"
#include "spec/conflicts.h"

namespace weir::host::cli {
namespace {

std::span<const spec::ComponentSpec> transforms_of(const spec::PipelineSpec& pipeline, LegKind leg) {
  const std::span<const spec::ComponentSpec> all(pipeline.transforms);
  if (leg == LegKind::whole) return all;
  const std::size_t before_spool = pipeline.ingest_transforms();
  return leg == LegKind::ingest ? all.first(before_spool) : all.subspan(before_spool);
}

constexpr std::uint32_t kDeadLetter = 1;  // a sink's role

/// Makes components one by one and remembers whether one was refused.
class Assembler {
 public:
  Assembler(const spec::PipelineSpec& pipeline, const Registry& registry, const TaskSeat& seat,
            spec::Diagnostics& diagnostics)
      : pipeline_(pipeline),
        registry_(registry),
        seat_(seat),
        diagnostics_(diagnostics),
        transforms_(transforms_of(pipeline, seat.leg)),
        repeats_(seat.leg != LegKind::whole) {
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
    const bool repeats = repeats_;
    for (std::uint32_t thread = 0; thread < pipeline_.transform_threads && !refused_; ++thread) {
      ChainParts& parts = parts_.threads.emplace_back();
      parts.json = parts_.json->sibling();
      json_ = parts.json.get();
      repeats_ = repeats || thread > 0;
      add_stages(parts.predicates, parts.stages);
      if (thread == 0 && !refused_) check_pins(parts.stages);
    }
    json_ = parts_.json.get();
    repeats_ = repeats;
  }

  /// A leg has one of its own; the spool is the other.
  void connectors() {
    repeats_ = false;
    if (seat_.leg != LegKind::drain) parts_.source = make(pipeline_.source, abi::make_source);
    if (seat_.leg != LegKind::ingest) parts_.sink = make(pipeline_.sink, abi::make_sink);
    if (pipeline_.dead_letter) parts_.dead_letter = make(*pipeline_.dead_letter, abi::make_sink, kDeadLetter);
    if (pipeline_.dead_letter && pipeline_.dead_letter->payload.encrypted)
      parts_.seal = seal(pipeline_.dead_letter->payload);
  }

  std::optional<TaskParts> take() {
    if (refused_) return std::nullopt;
    return std::move(parts_);
  }

 private:
  struct PredicateInPlace {
    Predicate* predicate;  // null: it was refused
    bool sees_null;
  };

  abi::InstanceHome home(const spec::ComponentSpec& component, std::uint32_t role) const {
    abi::InstanceHome home;
    home.strict = component.privacy || chooses_for_privacy(component);
    home.log = Log().with("pipeline", pipeline_.name).with("component", component.name);
    home.fields = &component.fields;
    home.json = json_;
    home.positions = seat_.positions;
    home.task = seat_.task;
    home.task_count = seat_.count;
    if (role == kDeadLetter && seat_.leg != LegKind::whole) {  // the tasks of both legs write the same one
      home.task = seat_.leg == LegKind::drain ? pipeline_.tasks_max : seat_.task;
      home.task_count = pipeline_.shares();
    }
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
    std::map<std::string, PredicateInPlace> by_name;
    for (const auto& predicate : pipeline_.predicates) {
      if (!wants_predicate(predicate.name)) continue;
      predicates.push_back(make(predicate, abi::make_predicate));
      by_name[predicate.name] = {predicates.back().get(), (predicate.info->capabilities & WEIR_TOMBSTONES) != 0};
    }
    for (const auto& transform : transforms_) stages.push_back(make_stage(transform, by_name));
  }

  /// The whole pipeline has all of them, so that their constructors are heard; a leg has those it uses.
  bool wants_predicate(const std::string& name) const {
    return seat_.leg == LegKind::whole || std::any_of(transforms_.begin(), transforms_.end(),
                                                      [&](const auto& each) { return each.predicate == name; });
  }

  Stage make_stage(const spec::ComponentSpec& transform, const std::map<std::string, PredicateInPlace>& predicates) {
    Stage stage;
    stage.name = transform.name;
    stage.capabilities = transform.info->capabilities;
    stage.negate = transform.negate;
    stage.transform = make(transform, abi::make_transform);
    if (const auto found = predicates.find(transform.predicate); found != predicates.end()) {
      stage.predicate = found->second.predicate;
      stage.predicate_sees_null = found->second.sees_null;
    }
    return stage;
  }

  void check_pins(const std::vector<Stage>& stages) {
    for (const abi::PinBreach& breach : abi::check_pins(stages)) {
      refused_ = true;
      diagnostics_.error(pipeline_.file, transforms_[breach.writer].mark,
                         stages[breach.writer].name + " writes " + breach.written + ", which " +
                             stages[breach.pinner].name + " before it relies on (" + breach.pinned + ")",
                         "put it before " + stages[breach.pinner].name);
    }
  }

  const spec::PipelineSpec& pipeline_;
  const Registry& registry_;
  const TaskSeat& seat_;
  spec::Diagnostics& diagnostics_;
  const std::span<const spec::ComponentSpec> transforms_;  // of the leg
  const std::vector<std::string> outputs_ = spec::files_written(pipeline_);
  TaskParts parts_;
  json::Engine* json_ = nullptr;  // of the thread whose components are made
  bool repeats_;                  // what constructors log was logged when the whole chain was made
  bool refused_ = false;
};

TaskSeat whole_of(TaskSeat seat) {
  seat.leg = LegKind::whole;
  return seat;
}

}  // namespace

std::optional<TaskParts> assemble_transforms(const spec::PipelineSpec& pipeline, const Registry& registry,
                                             const TaskSeat& seat, spec::Diagnostics& diagnostics) {
  Assembler assembler(pipeline, registry, seat, diagnostics);
  assembler.transforms();
  return assembler.take();
}

std::optional<TaskParts> assemble(const spec::PipelineSpec& pipeline, const Registry& registry, const TaskSeat& seat,
                                  spec::Diagnostics& diagnostics) {
  // What transforms of one leg say about those of the other is seen in the whole chain only.
  const bool first_of_legs = seat.leg == LegKind::ingest && seat.task == 0;
  if (first_of_legs && !assemble_transforms(pipeline, registry, whole_of(seat), diagnostics)) return std::nullopt;
  Assembler assembler(pipeline, registry, seat, diagnostics);
  const bool by_threads = pipeline.transform_threads > 0 && !transforms_of(pipeline, seat.leg).empty();
  by_threads ? assembler.transforms_of_threads() : assembler.transforms();
  assembler.connectors();
  return assembler.take();
}

}  // namespace weir::host::cli
