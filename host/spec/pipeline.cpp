#include <algorithm>
#include <set>

#include "spec/component.h"
#include "spec/each_value.h"
#include "spec/pipeline_spec.h"
#include "spec/spool.h"
#include "spec/words.h"

namespace weir::host::spec {
namespace {

bool is_name(std::string_view name) {
  const auto first = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= kLongestName && first(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return first(c) || c == '.' || c == '_' || c == '-'; });
}

std::string rule_of_names() {
  std::string rule("it has to look like ");
  return rule.append(kNamePattern).append(", with at most ").append(std::to_string(kLongestName)).append(" characters");
}

std::chrono::milliseconds milliseconds(const Value& value, std::chrono::milliseconds otherwise) {
  return value.type == WEIR_INT ? std::chrono::milliseconds(value.integer) : otherwise;
}

/// Checks one document. One for each.
class PipelineCheck {
 public:
  PipelineCheck(const Node& node, const Catalog& catalog, Checker& checker)
      : node_(node), catalog_(catalog), checker_(checker) {}

  /// Whether all components are known; errors went to the checker.
  bool check(PipelineSpec& out) {
    const Value root = checker_.object(pipeline_fields(), node_, "the pipeline");
    spool(root, out);
    settings(root, out);
    predicates(out);
    transforms(out);
    check_ingest(out, checker_);
    const auto source = component("source", Role::source);
    const auto sink = component("sink", Role::sink);
    out.dead_letter = component("dead_letter", Role::dead_letter);
    threads(root, out);
    tolerance(root, out);
    payload(out);
    if (source) out.source = *source;
    if (sink) out.sink = *sink;
    return source && sink && complete_;
  }

 private:
  std::optional<ComponentSpec> component(std::string_view key, Role role) {
    const Node* node = node_.find(key);
    if (node == nullptr || (node->kind != Node::Kind::map && !node->unset))
      return std::nullopt;  // complained about by its table
    auto spec = check_component(role, *node, catalog_, checker_);
    complete_ = complete_ && spec;
    return spec;
  }

  void settings(const Value& root, PipelineSpec& out) {
    if (const Value* name = root.at("name"); name != nullptr && name->type == WEIR_STRING) {
      out.name = name->text;
      if (!is_name(name->text)) {
        checker_.error(name->mark,
                       "'name': " + (name->secret ? "(secret)" : in_quotes(name->text)) + " is no pipeline's name",
                       rule_of_names());
      }
    }
    out.tasks_max = static_cast<std::uint32_t>(ranged(root, "tasks_max", 1, 1024, "1", "1024", out.tasks_max));
    out.memory = ranged(root, "memory", 64u << 10, std::uint64_t{1} << 50, "64KiB", "1024TiB", out.memory);
    check_shares(root, out);
    const auto duration = [&](std::string_view place, std::chrono::milliseconds otherwise) {
      const Value* value = root.at(place);
      return value == nullptr ? otherwise : milliseconds(*value, otherwise);
    };
    out.retry_timeout = duration("errors/retry_timeout", out.retry_timeout);
    out.retry_delay_max = duration("errors/retry_delay_max", out.retry_delay_max);
    out.offsets_interval = duration("offsets/interval", out.offsets_interval);
    out.shutdown_timeout = duration("shutdown_timeout", out.shutdown_timeout);
  }

  std::uint64_t ranged(const Value& root, std::string_view key, std::uint64_t least, std::uint64_t most,
                       std::string_view least_text, std::string_view most_text, std::uint64_t otherwise) {
    const Value* value = root.at(key);
    if (value == nullptr || (value->type != WEIR_INT && value->type != WEIR_UINT)) return otherwise;
    const std::uint64_t number =
        value->type == WEIR_UINT ? value->uinteger : static_cast<std::uint64_t>(value->integer);
    if (number >= least && number <= most) return number;
    checker_.error(value->mark, in_quotes(key) + " is out of range",
                   "it lies between " + std::string(least_text) + " and " + std::string(most_text));
    return otherwise;
  }

  /// The tasks share the memory evenly; with less than this no task can take a record of ordinary size.
  void check_shares(const Value& root, const PipelineSpec& out) {
    constexpr std::uint64_t kLeastShare = 16u << 10;
    const Value* memory = root.at("memory");
    if (memory == nullptr || out.memory / kLeastShare >= out.shares()) return;
    checker_.error(memory->mark,
                   "'memory' is too little for " + std::to_string(out.shares()) + " tasks" +
                       (out.spool ? ", one of which empties the spool" : ""),
                   "each needs 16KiB: at least " + std::to_string(out.shares() * kLeastShare / 1024) +
                       "KiB, or a smaller 'tasks_max'");
  }

  void spool(const Value& root, PipelineSpec& out) {
    const Value* value = root.at("spool");
    if (value == nullptr || (value->type != WEIR_OBJECT && !value->unset)) return;
    out.spool = check_spool(*value, checker_);
  }

  void predicates(PipelineSpec& out) {
    const Node* all = node_.find("predicates");
    if (all == nullptr || all->kind != Node::Kind::map) return;
    for (const Node::Member& member : all->members) {
      auto spec = check_component(Role::predicate, member.value, catalog_, checker_);
      complete_ = complete_ && spec;
      if (!spec) continue;
      spec->name = member.name;
      out.predicates.push_back(*std::move(spec));
    }
  }

  void transforms(PipelineSpec& out) {
    const Node* all = node_.find("transforms");
    if (all != nullptr && all->kind == Node::Kind::list) {
      for (const Node& item : all->items) transform(item, out);
    }
    name_the_unnamed(out);
    warn_about_unused_predicates();
  }

  void transform(const Node& node, PipelineSpec& out) {
    auto spec = check_component(Role::transform, node, catalog_, checker_);
    complete_ = complete_ && spec;
    if (node.kind != Node::Kind::map) return;
    own_name(node);
    predicate(node);
    if (spec) out.transforms.push_back(*std::move(spec));
  }

  void own_name(const Node& node) {
    const Node* name = node.find("name");
    if (name == nullptr || name->kind != Node::Kind::scalar || name->unset) return;
    if (name->text.empty()) {
      checker_.error(name->mark, "'name' of a transform is empty", "without the key the type is the name");
    } else if (!names_.insert(name->text).second) {
      checker_.error(name->mark,
                     "a second transform with the name " + (name->secret ? "(secret)" : in_quotes(name->text)),
                     "names are unique in a pipeline");
    }
  }

  void predicate(const Node& node) {
    const Node* predicate = node.find("predicate");
    if (predicate == nullptr || predicate->kind != Node::Kind::scalar || predicate->unset) return;
    used_.insert(predicate->text);
    const Node* all = node_.find("predicates");
    if (all != nullptr && all->find(predicate->text) != nullptr) return;
    std::vector<std::string_view> known;
    if (all != nullptr) {
      for (const Node::Member& member : all->members) known.push_back(member.name);
    }
    checker_.error(predicate->mark,
                   "unknown predicate " + (predicate->secret ? "(secret)" : in_quotes(predicate->text)),
                   known.empty() ? "declare it under 'predicates'"
                                 : suggestion(predicate->secret ? "" : predicate->text, known, "predicates"));
  }

  /// `redact`, then `redact-2`: the type, with the first free number behind it.
  void name_the_unnamed(PipelineSpec& out) {
    for (ComponentSpec& spec : out.transforms) {
      if (!spec.name.empty()) continue;
      spec.name = spec.info->name;
      for (std::size_t number = 2; !names_.insert(spec.name).second; ++number)
        spec.name = spec.info->name + "-" + std::to_string(number);
    }
  }

  void warn_about_unused_predicates() {
    const Node* all = node_.find("predicates");
    if (all == nullptr) return;
    for (const Node::Member& member : all->members) {
      if (!used_.contains(member.name))
        checker_.warning(member.mark, "predicate " + in_quotes(member.name) + " is not used");
    }
  }

  /// Slices of one task pass such transforms side by side.
  void threads(const Value& root, PipelineSpec& out) {
    out.transform_threads =
        static_cast<std::uint32_t>(ranged(root, "transform_threads", 0, 64, "0", "64", out.transform_threads));
    if (out.transform_threads == 0) return;
    for (const ComponentSpec& transform : out.transforms) {
      const std::uint32_t capabilities = transform.info->capabilities;
      if ((capabilities & WEIR_STATELESS) != 0 && (capabilities & WEIR_HOLDS) == 0) continue;
      checker_.error(
          root.at("transform_threads")->mark,
          "'transform_threads' is for transforms without a state, and " + in_quotes(transform.name) + " may keep one",
          "remove the key: the pipeline's own thread then transforms");
    }
  }

  void tolerance(const Value& root, PipelineSpec& out) {
    out.tolerance = node_.find("dead_letter") != nullptr ? Tolerance::all : Tolerance::none;
    const Value* chosen = root.at("errors/tolerance");
    if (chosen == nullptr || chosen->type != WEIR_STRING) return;
    out.tolerance = chosen->text == "all" ? Tolerance::all : Tolerance::none;
    if (out.tolerance == Tolerance::none && node_.find("dead_letter") != nullptr) {
      checker_.warning(chosen->mark, "with 'tolerance: none' nothing reaches the dead letter sink",
                       "the first bad record stops the pipeline");
    }
  }

  void payload(PipelineSpec& out) {
    if (out.dead_letter && out.dead_letter->payload.encrypted) find_secrets(out);
    const Node* dead_letter = node_.find("dead_letter");
    const Node* payload = dead_letter == nullptr ? nullptr : dead_letter->find("payload");
    if (payload == nullptr || payload->text != "plain" || !out.has_privacy_transform()) return;
    const auto privacy = std::find_if(out.transforms.begin(), out.transforms.end(),
                                      [](const ComponentSpec& spec) { return spec.privacy; });
    checker_.error(payload->mark,
                   "'payload: plain' would write what the privacy transform " + in_quotes(privacy->name) + " protects",
                   "remove the key: dead letters then hold position and reason; or encrypt them: 'payload: encrypted'");
  }

  /// The spool's are meant for all that the pipeline keeps on disk.
  void find_secrets(PipelineSpec& out) {
    PayloadSpec& payload = out.dead_letter->payload;
    if (!payload.secrets.empty() || payload.unset) return;
    if (out.spool) {
      payload.secrets = out.spool->secrets;
      payload.secrets_mark = out.spool->secrets_mark;
      payload.unset = out.spool->unset;
    }
    if (payload.secrets.empty() && !payload.unset)
      checker_.error(payload.mark, "'payload: encrypted' without a secret",
                     "add 'encryption_secret', one secret a line, the newest first");
  }

  const Node& node_;
  const Catalog& catalog_;
  Checker& checker_;
  bool complete_ = true;
  std::set<std::string> names_;  // of transforms
  std::set<std::string> used_;   // predicates
};

}  // namespace

std::vector<std::string> PipelineSpec::declared_topics() const {
  std::vector<std::string> topics;
  for (const ComponentSpec& transform : transforms) {
    each_value(transform.info->fields, transform.fields, [&](const Field& field, const Value& value) {
      if (field.type != WEIR_TOPIC || value.type != WEIR_STRING) return;
      if (std::find(topics.begin(), topics.end(), value.text) == topics.end()) topics.push_back(value.text);
    });
  }
  return topics;
}

bool PipelineSpec::has_privacy_transform() const {
  return std::any_of(transforms.begin(), transforms.end(), [](const ComponentSpec& spec) { return spec.privacy; });
}

std::vector<PipelineSpec> check_pipelines(const std::vector<Node>& documents, const std::string& file,
                                          const std::string& directory, const Catalog& catalog,
                                          Diagnostics& diagnostics) {
  std::vector<PipelineSpec> pipelines;
  Checker checker(file, directory, diagnostics);
  for (const Node& document : documents) {
    if (document.kind != Node::Kind::map) {
      checker.error(document.mark, "a pipeline is a mapping with name, source and sink",
                    document.unset ? "a ${…} stands for one value, not for a mapping" : "");
      continue;
    }
    const std::size_t errors = diagnostics.error_count();
    PipelineSpec spec;
    spec.file = file;
    spec.mark = document.mark;
    const bool complete = PipelineCheck(document, catalog, checker).check(spec);
    if (diagnostics.error_count() != errors) continue;
    if (complete) {
      pipelines.push_back(std::move(spec));
    } else {
      checker.warning(document.mark, "the pipeline was checked in part only: a component's type has no value",
                      "set what its ${…} names");
    }
  }
  return pipelines;
}

void PipelineNames::add(const std::vector<Node>& documents, const std::string& file, Diagnostics& diagnostics) {
  for (const Node& document : documents) {
    const Node* name = document.find("name");
    if (name == nullptr || name->kind != Node::Kind::scalar || name->unset || name->text.empty()) continue;
    const auto [first, added] = places_.emplace(name->text, file + ":" + std::to_string(name->mark.line));
    if (added) continue;
    diagnostics.error(file, name->mark,
                      "a second pipeline with the name " + (name->secret ? "(secret)" : in_quotes(name->text)),
                      "the first one is at " + first->second);
  }
}

}  // namespace weir::host::spec
