#pragma once
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "abi/instance.h"
#include "json/engine.h"
#include "spec/secrets.h"

namespace weir::host::abi {

class Context;

/// What is behind a weir_path: a path of the plan and what its instance may do with it.
struct PathHandle {
  const Context* owner = nullptr;
  const json::PlanPath* plan = nullptr;
  int slot = 0;
  std::uint32_t use = 0;  // WEIR_READ, WEIR_WRITE, WEIR_PIN, WEIR_TEXT
  json::Path absolute;    // with what its base names
};

/// What is behind the weir_ctx of one instance: its surroundings and the state its calls leave behind. Does not move. What the
/// table tags [any] may be called from any thread; all else belongs to the thread that calls the plugin.
class Context {
 public:
  Context(const weir_component& component, std::uint32_t capabilities, InstanceHome home);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  [[nodiscard]] const InstanceHome& home() const { return home_; }
  /// "sink 'name'", for messages.
  [[nodiscard]] const std::string& title() const { return title_; }
  /// json::kStrict where people are protected, else 0.
  [[nodiscard]] std::uint32_t strictness() const { return home_.strict || can(WEIR_PRIVACY) ? json::kStrict : 0u; }
  [[nodiscard]] bool can(std::uint32_t capability) const { return (capabilities_ & capability) != 0; }

  /// The extensions "weir.pipeline/1" and "weir.topics/1". Any thread.
  [[nodiscard]] const weir_pipeline& pipeline() const { return pipeline_; }
  [[nodiscard]] const weir_topics& topics() const { return topics_; }

  /// Text of the plugin's with every secret of its configuration replaced by ***, for logs and messages. Any thread.
  [[nodiscard]] std::string masked(std::string_view text) const;

  /// The explanation of the status that is returned next; masked. Any thread.
  void set_error(std::string pointer, std::string_view text);
  /// Hands it over and forgets it.
  struct Explanation {
    std::string pointer;
    std::string text;
  };
  Explanation take_error();
  /// In create: one of several things that are wrong, of one pointer the last. Masked; beyond a hundred none is kept. [control]
  void add_refusal(std::string pointer, std::string_view text);
  /// Hands them over; without any what set_error() left, which is the host's own then. [control]
  std::vector<Explanation> take_refusals();

  /// Compiles a path; null: refused, set_error() says why. [control]
  const PathHandle* compile(int slot, std::string_view path, std::uint32_t use, const PathHandle* base);
  [[nodiscard]] const std::deque<PathHandle>& paths() const { return paths_; }

  /// Compact JSON of a configured value; as old as the context. null: no such value.
  const std::string* config_json(std::string_view pointer);

  /// Text that lives until the plugin's current call returns.
  std::string_view keep(std::string text) { return kept_.emplace_back(std::move(text)); }
  /// The id of a source partition; the latest one is remembered, since sources stay in one for long.
  std::uint32_t partition(std::string_view name);
  void forget_partition() { partition_known_ = false; }

  /// At the start of each call: forgets what belonged to the one before.
  void begin_call();

  // What a call collects; kept here so that their memory is used again.
  std::vector<Record*> made;              // clones and merged records of this call
  std::vector<std::string_view> buffers;  // batch memory of this call
  std::vector<Record*> sorted;            // scratch of emit
  std::unordered_set<Record*> held;       // records kept back
  bool ended = false;                     // a source that said END

 private:
  InstanceHome home_;
  std::vector<weir_str> outputs_;  // of home_
  std::vector<weir_str> topic_names_;
  weir_pipeline pipeline_{};
  weir_topics topics_{};
  std::string title_;
  std::uint32_t capabilities_;
  spec::Secrets secrets_;
  std::mutex error_mutex_;
  Explanation error_;
  std::vector<Explanation> refusals_;
  std::deque<PathHandle> paths_;  // handed out: they must not move
  std::map<std::string, std::string, std::less<>> json_texts_;
  std::deque<std::string> kept_;
  std::string partition_name_;
  std::uint32_t partition_id_ = 0;
  bool partition_known_ = false;
};

}  // namespace weir::host::abi
