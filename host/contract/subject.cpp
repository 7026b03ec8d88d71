#include "contract/subject.h"

#include <algorithm>

#include "contract/sample.h"
#include "contract/verdict.h"

namespace weir::host::contract {
namespace {

template <typename T>
std::string reasons(const abi::Created<T>& created) {
  std::string out;
  for (const abi::CreateError& error : created.errors) {
    if (!out.empty()) out += '\n';
    out += (error.pointer.empty() ? "" : error.pointer + ": ") + error.status.message();
  }
  return out;
}

}  // namespace

std::uint32_t StoredPositions::partition(std::string_view name) {
  const auto known = std::find(names_.begin(), names_.end(), name);
  if (known != names_.end()) return static_cast<std::uint32_t>(known - names_.begin());
  names_.emplace_back(name);
  return static_cast<std::uint32_t>(names_.size() - 1);
}

std::optional<std::string> StoredPositions::stored(std::string_view partition) const {
  const auto found = offsets_.find(partition);
  if (found == offsets_.end()) return std::nullopt;
  return found->second;
}

Subject::Subject(const weir_component& component, const spec::ComponentInfo& info, const spec::Value& fields)
    : info_(info), fields_(fields), spy_(component) {}

template <typename T>
abi::Created<T> Subject::create(abi::Created<T> (*maker)(const weir_component&, abi::InstanceHome),
                                json::Engine* engine) {
  abi::InstanceHome home;
  home.fields = &fields_;
  home.json = engine;
  home.positions = &positions_;
  home.task = made_++ % tasks_;
  home.task_count = tasks_;
  return maker(spy_.component(), std::move(home));
}

template <typename T>
Instance<T> Subject::make(abi::Created<T> (*maker)(const weir_component&, abi::InstanceHome)) {
  Instance<T> made{std::make_unique<json::Engine>(), nullptr, false};
  auto created = create(maker, made.engine.get());
  if (created.instance == nullptr) break_off(Verdict::not_applicable("create refused: " + reasons(created)));
  made.plugin = std::move(created.instance);
  return made;
}

Instance<Source> Subject::make_source() { return make<Source>(abi::make_source); }
Instance<Transform> Subject::make_transform() { return make<Transform>(abi::make_transform); }
Instance<Predicate> Subject::make_predicate() { return make<Predicate>(abi::make_predicate); }
Instance<Sink> Subject::make_sink() { return make<Sink>(abi::make_sink); }

std::string Subject::refusal() {
  json::Engine engine;
  switch (info_.kind) {
    case WEIR_SOURCE:
      return reasons(create<Source>(abi::make_source, &engine));
    case WEIR_TRANSFORM:
      return reasons(create<Transform>(abi::make_transform, &engine));
    case WEIR_PREDICATE:
      return reasons(create<Predicate>(abi::make_predicate, &engine));
    default:
      return reasons(create<Sink>(abi::make_sink, &engine));
  }
}

Batch& Subject::batch(json::Engine* engine) { return batches_.emplace_back(acks_, engine); }

Batch& Subject::good_batch(json::Engine* engine, std::size_t records) {
  Batch& made = batch(engine);
  for (std::size_t i = 0; i < records; ++i) made.add(good_value(i));
  return made;
}

std::string Subject::good_value(std::size_t number) const { return sample_value(fields_, number); }

}  // namespace weir::host::contract
