#pragma once
#include <weir/abi.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "errors/status.h"
#include "observe/log.h"
#include "pipeline/io.h"
#include "spec/value.h"

namespace weir::host::abi {

/// What the host puts behind the weir_ctx of one instance. References outlive the instance.
struct InstanceHome {
  Log log;
  const spec::Value* fields = nullptr;  // its checked configuration
  json::Engine* json = nullptr;
  Positions* positions = nullptr;  // sources
  std::uint32_t task = 0;
  std::uint32_t task_count = 1;
  std::uint32_t role = 0;            // 1: dead letter sink
  std::uint64_t memory = 64u << 20;  // this task's share
  std::vector<std::string> topics;   // of a sink: those that transforms may choose
  bool strict = false;  // it protects people, or chooses for one that does: what cannot be looked into is an error
  /// Of the pipeline: no text that a transform or predicate gives with a failed call leaves, only that it failed. A source's and a
  /// sink's texts do leave, such as a path or what a broker said: by contract (weir/error.hpp) they hold no record data.
  bool privacy = false;
  bool repeats = false;  // one of several alike: what its constructor logs was logged by the first
  std::function<std::int64_t()> now_ms;
  std::string pipeline;              // its name
  std::vector<std::string> outputs;  // files that its components write
};

/// Why a component could not be made; `pointer` names the field, such as "rules/2/field", or is empty.
struct CreateError {
  Status status;
  std::string pointer;
};

template <typename T>
struct Created {
  std::unique_ptr<T> instance;      // null: error says why
  std::vector<CreateError> errors;  // none when it was made
};

/// Make an instance: calls the plugin's create with a fresh ctx. The component's tables (and its library) must outlive it. What
/// the plugin throws becomes E_CONFIG here, failed records in apply and test, E_FATAL elsewhere. [control]
[[nodiscard]] Created<Source> make_source(const weir_component& component, InstanceHome home);
[[nodiscard]] Created<Transform> make_transform(const weir_component& component, InstanceHome home);
[[nodiscard]] Created<Predicate> make_predicate(const weir_component& component, InstanceHome home);
[[nodiscard]] Created<Sink> make_sink(const weir_component& component, InstanceHome home);

/// The host's table, as every plugin gets it: for the contract tests.
[[nodiscard]] const weir_host& host_table();

}  // namespace weir::host::abi
