#pragma once
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "abi/instance.h"
#include "contract/batch.h"
#include "contract/spy.h"
#include "json/engine.h"
#include "spec/field.h"
#include "spec/value.h"

namespace weir::host::contract {

/// Positions by name, as a checkpoint holds them. [task]
class StoredPositions final : public Positions {
 public:
  std::uint32_t partition(std::string_view name) override;
  [[nodiscard]] std::optional<std::string> stored(std::string_view partition) const override;
  Status revoke(std::string_view, Milliseconds) override { return {}; }

  [[nodiscard]] const std::string& name_of(std::uint32_t partition) const { return names_[partition]; }
  void store(const std::string& partition, std::string offset) { offsets_[partition] = std::move(offset); }

 private:
  std::deque<std::string> names_;
  std::map<std::string, std::string, std::less<>> offsets_;
};

/// One instance of the component with what belongs to it alone. Destroyed from the bottom up.
template <typename T>
struct Instance {
  std::unique_ptr<json::Engine> engine;
  std::unique_ptr<T> plugin;
  bool ended = false;  // a source that said END: it is not polled again
  T* operator->() const { return plugin.get(); }
};

/// The component under check: its table behind a spy, its configuration, and records to feed it.
class Subject {
 public:
  /// The arguments outlive the subject.
  Subject(const weir_component& component, const spec::ComponentInfo& info, const spec::Value& fields);

  [[nodiscard]] const spec::ComponentInfo& info() const { return info_; }
  [[nodiscard]] bool can(std::uint32_t capability) const { return (info_.capabilities & capability) != 0; }
  [[nodiscard]] Observations observed() const { return spy_.observed(); }
  [[nodiscard]] const weir_component& component() const { return spy_.component(); }
  [[nodiscard]] StoredPositions& positions() { return positions_; }
  [[nodiscard]] AckBook& acks() { return acks_; }

  /// Makes an instance; one that is refused ends the rule: it does not apply.
  [[nodiscard]] Instance<Source> make_source();
  [[nodiscard]] Instance<Transform> make_transform();
  [[nodiscard]] Instance<Predicate> make_predicate();
  [[nodiscard]] Instance<Sink> make_sink();
  /// From here on instances are the tasks of one connector, in turn; else each is the only one.
  void make_tasks(std::uint32_t count) { tasks_ = count; }
  /// Why create refuses the configuration, one a line; empty: it does not.
  [[nodiscard]] std::string refusal();

  /// A batch that lives as long as the subject.
  Batch& batch(json::Engine* engine);
  /// The same with so many good records.
  Batch& good_batch(json::Engine* engine, std::size_t records);
  /// See sample_value().
  [[nodiscard]] std::string good_value(std::size_t number) const;

 private:
  template <typename T>
  Instance<T> make(abi::Created<T> (*maker)(const weir_component&, abi::InstanceHome));
  template <typename T>
  abi::Created<T> create(abi::Created<T> (*maker)(const weir_component&, abi::InstanceHome), json::Engine* engine);

  const spec::ComponentInfo& info_;
  const spec::Value& fields_;
  Spy spy_;
  StoredPositions positions_;
  AckBook acks_;
  std::uint32_t tasks_ = 1;
  std::uint32_t made_ = 0;
  std::deque<Batch> batches_;
};

}  // namespace weir::host::contract
