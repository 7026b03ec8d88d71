#pragma once
#include <map>
#include <mutex>

#include "weir/testing/condition.hpp"
#include "weir/testing/record.hpp"

/// The state behind the weir_host that unit tests give a plugin: one instance, its settings and its records. host_table.hpp has
/// the functions. Thread: the test's own, but for logs and acknowledgements, which may come from any.
namespace weir::testing {

/// What surrounds the instance under test.
struct Setup {
  std::uint32_t task = 0;
  std::uint32_t task_count = 1;
  std::uint64_t memory = 64u << 20;
  std::int64_t now_ms = 1'700'000'000'000;
  bool dead_letter = false;                           // a sink: serves as dead letter sink
  std::map<std::string, std::string> positions = {};  // a source: stored offsets by partition
  std::vector<std::string> topics = {};               // a sink: Context::declared_topics
  std::string pipeline = "test";                      // its name
  std::vector<std::string> outputs = {};              // files it writes
};

struct LogLine {
  int level;
  std::string text;  // an alarm's begins "alarm=NAME "
};

/// An acknowledgement of a sink, for the nth record it was offered (from 0).
struct Ack {
  std::size_t record;
  weir_status status;
  std::string reason;
  std::string at = {};  // the path that a refusal in put is about; "" when none
};

namespace detail {

/// What a weir_path* points to.
struct FakePath {
  Path path;
  std::int32_t slot = WEIR_VALUE;
  std::uint32_t use = 0;
  const FakePath* base = nullptr;
};

/// A place that a running match or rewrite is at.
struct Scope {
  const FakePath* path;
  Place place;
};

class FakeHost {
 public:
  FakeHost(const weir_component& component, std::uint32_t capabilities, std::string_view config, Setup setup)
      : setup(std::move(setup)), settings(settings_of(component, config)), capabilities(capabilities) {
    for (const std::string& topic : this->setup.topics) topic_names.push_back({topic.data(), topic.size()});
    topics = {sizeof topics, static_cast<std::uint32_t>(topic_names.size()), topic_names.data()};
    for (const std::string& path : this->setup.outputs) outputs.push_back({path.data(), path.size()});
    const std::string& name = this->setup.pipeline;
    pipeline = {
        sizeof(weir_pipeline), static_cast<std::uint32_t>(outputs.size()), {name.data(), name.size()}, outputs.data()};
  }

  FakeRecord& add(const Message& message) {
    auto record = std::make_unique<FakeRecord>();
    fill(*record, message);
    return own(std::move(record));
  }
  FakeRecord& add_copy(const FakeRecord& of) { return own(std::make_unique<FakeRecord>(of)); }

  /// Replaces a slot; the old bytes stay for the views that were given out.
  void write(FakeRecord& record, std::int32_t slot, Text text) {
    kept.push_back(std::exchange(record.slots[slot], std::move(text)));
  }
  /// Keeps a text as long as the host.
  weir_str keep(std::string text) {
    kept.push_back(std::make_shared<const std::string>(std::move(text)));
    return to_c(kept.back());
  }

  /// Remembers why E_DATA, for a fail() without a reason of its own.
  weir_status refuse(const FakeRecord& record, const char* reason, const std::string& at = "") {
    refused = &record;
    refusal = {reason, at};
    return WEIR_E_DATA;
  }

  void fail(FakeRecord& record, const char* reason, const FakePath* at) {
    if (record.fate != Fate::live) return;
    const bool own = reason != nullptr && *reason != '\0';
    record.failure = own                  ? Failure{reason, ""}
                     : refused == &record ? refusal
                                          : Failure{"the plugin gave no reason", ""};
    if (at != nullptr) record.failure.at = full_text(*at);
    if (!in_put) {
      record.fate = Fate::failed;
      return;
    }
    const std::lock_guard lock(mutex);
    acks.push_back({record.number, WEIR_E_DATA, record.failure.reason, record.failure.at});
  }

  /// Where a path leads now: relative ones from the place the walk on their base is at.
  [[nodiscard]] std::vector<Step> steps_of(const FakePath& path, std::string_view document) const {
    if (path.base == nullptr) return path.path.steps;
    std::vector<Step> steps = steps_of(*path.base, document);
    for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
      if (scope->path != path.base) continue;
      steps = exact_steps(document, scope->place.hops, 0);
      break;
    }
    steps.insert(steps.end(), path.path.steps.begin(), path.path.steps.end());
    return steps;
  }

  static std::string full_text(const FakePath& path) {
    if (path.base == nullptr) return path.path.text;
    const std::string base = full_text(*path.base);
    const bool joined = path.path.text.empty() || base.empty() || path.path.text[0] == '[' || path.path.text[0] == '@';
    return base + (joined ? "" : ".") + path.path.text;
  }

  Setup setup;
  Setting settings;
  std::uint32_t capabilities;
  bool in_put = false;                // to fail a record is to acknowledge it
  bool in_create = false;             // paths and conditions are compiled then only
  std::vector<weir_str> topic_names;  // of setup.topics
  weir_topics topics{};
  std::vector<weir_str> outputs;  // of setup
  weir_pipeline pipeline{};
  std::deque<FakePath> paths;
  std::vector<Scope> scopes;
  std::vector<std::unique_ptr<FakeRecord>> records;  // in the order they were made
  std::deque<Text> kept;
  const FakeRecord* refused = nullptr;
  Failure refusal;
  std::vector<FakeRecord*> emitted;
  std::deque<Position> origins;
  std::deque<std::string> buffers;
  std::size_t appended = 0;  // records of this poll
  std::uint32_t max_records = 0;

  std::mutex mutex;  // guards what follows
  std::vector<LogLine> logs;
  std::vector<Ack> acks;
  std::string error_pointer;
  std::string error_text;

 private:
  FakeRecord& own(std::unique_ptr<FakeRecord> record) {
    record->host = this;
    record->number = records.size();
    return *records.emplace_back(std::move(record));
  }

  static std::vector<Step> exact_steps(std::string_view document, const Hops& hops, std::size_t first) {
    std::vector<Step> steps;
    const Node root = parse(document);
    const Node* node = &root;
    for (std::size_t i = first; i < hops.size(); ++i) {
      if (hops[i] == kEmbedded) {
        steps.push_back({Step::Kind::embedded, {}, 0});
        const std::vector<Step> inside = exact_steps(unescape(node->in(document)), hops, i + 1);
        steps.insert(steps.end(), inside.begin(), inside.end());
        return steps;
      }
      const bool is_object = node->type == WEIR_OBJECT;
      node = &node->children[hops[i]];
      steps.push_back({is_object ? Step::Kind::name : Step::Kind::index, node->name, hops[i]});
    }
    return steps;
  }
};

// The handles are incomplete types of C: what they point at is never looked at as one.
inline FakeHost& host_of(weir_ctx* ctx) { return *reinterpret_cast<FakeHost*>(ctx); }
inline weir_ctx* handle_of(FakeHost& host) { return reinterpret_cast<weir_ctx*>(&host); }
inline FakeRecord& record_of(weir_record* record) { return *reinterpret_cast<FakeRecord*>(record); }
inline const FakeRecord& record_of(const weir_record* record) { return *reinterpret_cast<const FakeRecord*>(record); }
inline weir_record* handle_of(FakeRecord& record) { return reinterpret_cast<weir_record*>(&record); }
inline FakeDoc& doc_of(weir_doc* doc) { return *reinterpret_cast<FakeDoc*>(doc); }
inline const FakeDoc& doc_of(const weir_doc* doc) { return *reinterpret_cast<const FakeDoc*>(doc); }
inline const FakePath* path_of(const weir_path* path) { return reinterpret_cast<const FakePath*>(path); }

inline FakeHost& host_of(weir_output* output) { return *reinterpret_cast<FakeHost*>(output); }
}  // namespace detail
}  // namespace weir::testing
