#include "spec/conflicts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "spec/cycles.h"
#include "spec/each_value.h"
#include "spec/pipeline_fields.h"
#include "spec/words.h"

namespace weir::host::spec {
namespace {

/// A component at its place in a pipeline.
struct Part {
  const PipelineSpec* pipeline;
  const ComponentSpec* component;
  Role role;

  /// "the dead letter sink of 'orders'", "transform 'suppress' of 'orders'".
  [[nodiscard]] std::string title() const {
    const bool many = role == Role::transform || role == Role::predicate;
    const std::string name(role_name(role));
    return (many ? name + " " + in_quotes(component->name) : "the " + name) + " of " + in_quotes(pipeline->name);
  }
};

/// A field that names a file, or the folder of a spool.
struct FileUse {
  const PipelineSpec* pipeline;
  std::optional<Role> role;  // of a part; the spool has none
  std::string owner;         // title of a part, or "the spool of 'orders'"
  std::string field;
  std::string path;
  bool writes;
  bool folder;
  Mark mark;

  [[nodiscard]] std::string place() const {
    return pipeline->file + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
  }
};

/// /dev/null and its like take whatever many write to them.
bool is_device(std::string_view identity) { return identity.starts_with("/dev/"); }

std::vector<FileUse> files_of(const Part& part) {
  std::vector<FileUse> uses;
  each_value(part.component->info->fields, part.component->fields, [&](const Field& field, const Value& value) {
    if (field.type != WEIR_FILE || value.type != WEIR_STRING) return;
    const Mark mark = value.mark.line == 0 ? part.component->mark : value.mark;
    uses.push_back(
        {part.pipeline, part.role, part.title(), field.name, value.text, field.is(WEIR_OUTPUT), false, mark});
  });
  return uses;
}

std::vector<Part> parts_of(const PipelineSpec& pipeline) {
  std::vector<Part> parts{{&pipeline, &pipeline.source, Role::source}, {&pipeline, &pipeline.sink, Role::sink}};
  for (const auto& transform : pipeline.transforms) parts.push_back({&pipeline, &transform, Role::transform});
  for (const auto& predicate : pipeline.predicates) parts.push_back({&pipeline, &predicate, Role::predicate});
  if (pipeline.dead_letter) parts.push_back({&pipeline, &*pipeline.dead_letter, Role::dead_letter});
  std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
    const Mark& left = a.component->mark;
    const Mark& right = b.component->mark;
    return std::tie(left.line, left.column) < std::tie(right.line, right.column);
  });
  return parts;
}

FileUse folder_of(const PipelineSpec& pipeline) {
  const SpoolSpec& spool = *pipeline.spool;
  return {&pipeline, std::nullopt,   "the spool of " + in_quotes(pipeline.name), "path", spool.path, true,
          true,      spool.path_mark};
}

void complain(const FileUse& first, const FileUse& second, Diagnostics& diagnostics) {
  const std::string& file = second.pipeline->file;
  const std::string subject = in_quotes(second.field) + ": " + second.owner;
  const std::string& other = first.owner;
  const std::string at = first.place() + (first.path == second.path ? "" : ", by another path");
  if (first.writes && second.writes) {
    diagnostics.error(file, second.mark, subject + " would write to the file that " + other + " writes",
                      "one path, one sink; the other one is at " + at);
    return;
  }
  const std::string what = second.writes ? " would write to the file that " + other + " reads"
                                         : " would read the file that " + other + " writes";
  if (first.pipeline == second.pipeline) {
    diagnostics.error(file, second.mark, subject + what, "it would never come to an end; the other one is at " + at);
  } else {
    diagnostics.warning(file, second.mark, subject + what,
                        "it may be read before it is whole; the other one is at " + at);
  }
}

void complain_of_folder(const FileUse& first, const FileUse& second, Diagnostics& diagnostics) {
  diagnostics.error(second.pipeline->file, second.mark,
                    in_quotes(second.field) + ": " + second.owner + " and " + first.owner + " would share a folder",
                    "a spool has its folder to itself; the other one is at " + first.place());
}

bool lies_in(std::string_view path, std::string_view folder) {
  return path == folder || (path.starts_with(folder) && (folder.ends_with('/') || path[folder.size()] == '/'));
}

/// A source reads the file that another pipeline's sink writes.
struct Feed {
  FileUse written;
  FileUse read;
};

/// "'a' → 'b' → 'a'".
std::string way(const std::vector<Feed>& feeds, const std::vector<std::size_t>& cycle) {
  constexpr std::size_t kMostShown = 20;
  std::string text = in_quotes(feeds[cycle.front()].written.pipeline->name);
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    if (i == kMostShown) return text + " → … (" + std::to_string(cycle.size()) + " pipelines)";
    text += " → " + in_quotes(feeds[cycle[i]].read.pipeline->name);
  }
  return text;
}

/// Everything seen so far. One for a run.
class Conflicts {
 public:
  Conflicts(const FileIdentity& identity, Diagnostics& diagnostics) : identity_(identity), diagnostics_(diagnostics) {}

  void add(const Part& part) {
    if ((part.component->info->capabilities & WEIR_EXCLUSIVE) != 0) add_exclusive(part);
    for (FileUse& use : files_of(part)) add_file(std::move(use));
  }

  void add_spool(const PipelineSpec& pipeline) { add_file(folder_of(pipeline)); }

  /// After all were added.
  void complain_about_cycles() {
    std::vector<Edge> edges;
    for (const Feed& feed : feeds_) edges.push_back({number_of(feed.written.pipeline), number_of(feed.read.pipeline)});
    for (const std::vector<std::size_t>& cycle : find_cycles(edges)) {
      const FileUse& read = feeds_[cycle.back()].read;
      diagnostics_.error(
          read.pipeline->file, read.mark,
          in_quotes(read.field) + ": " + read.owner + " would read its own records again: " + way(feeds_, cycle),
          "they would go round for ever; let one of these pipelines write elsewhere");
    }
  }

 private:
  std::size_t number_of(const PipelineSpec* pipeline) {
    return numbers_.emplace(pipeline, numbers_.size()).first->second;
  }

  void add_feed(const FileUse& one, const FileUse& other) {
    const FileUse& written = one.writes ? one : other;
    const FileUse& read = one.writes ? other : one;
    if (written.role == Role::sink && read.role == Role::source) feeds_.push_back({written, read});
  }

  void add_exclusive(const Part& part) {
    const auto [first, added] = exclusive_.emplace(part.component->info, part);
    if (added) return;
    const Mark& mark = first->second.component->mark;
    diagnostics_.error(part.pipeline->file, part.component->mark,
                       "a second " + std::string(role_name(part.role)) + " " + in_quotes(part.component->info->name) +
                           " in one run, which has room for one",
                       "the first one is at " + first->second.pipeline->file + ":" + std::to_string(mark.line) + ":" +
                           std::to_string(mark.column));
  }

  /// Of several conflicts of one place the first error is told, or the first warning.
  void add_file(FileUse use) {
    const std::string identity = identity_(use.path);
    if (is_device(identity)) return;
    if (const FileUse* const other = sharing_a_folder(identity, use); other != nullptr)
      return complain_of_folder(*other, use, diagnostics_);
    std::vector<FileUse>& earlier = files_[identity];
    const auto found = std::find_if(earlier.begin(), earlier.end(), [&](const FileUse& other) {
      const bool same_pipeline = other.pipeline == use.pipeline;
      return (use.writes && other.writes) || (same_pipeline && use.writes != other.writes);
    });
    const auto shared =
        std::find_if(earlier.begin(), earlier.end(), [&](const FileUse& other) { return use.writes != other.writes; });
    if (found != earlier.end()) {
      complain(*found, use, diagnostics_);
    } else if (shared != earlier.end()) {
      complain(*shared, use, diagnostics_);
    }
    for (const FileUse& other : earlier) {
      if (use.writes != other.writes && use.pipeline != other.pipeline) add_feed(other, use);
    }
    has_folders_ = has_folders_ || use.folder;
    earlier.push_back(std::move(use));
  }

  /// A use whose folder this one lies in, or that lies in the folder of this one; null: none.
  [[nodiscard]] const FileUse* sharing_a_folder(const std::string& identity, const FileUse& use) const {
    if (!has_folders_ && !use.folder) return nullptr;
    for (const auto& [name, uses] : files_) {
      for (const FileUse& other : uses) {
        // The identity of a file that is there may be no path.
        const bool holds = other.folder && (lies_in(identity, name) || lies_in(use.path, other.path));
        const bool is_held = use.folder && (lies_in(name, identity) || lies_in(other.path, use.path));
        if (holds || is_held) return &other;
      }
    }
    return nullptr;
  }

  const FileIdentity& identity_;
  Diagnostics& diagnostics_;
  std::map<std::string, std::vector<FileUse>> files_;  // by identity
  bool has_folders_ = false;
  std::map<const ComponentInfo*, Part> exclusive_;
  std::vector<Feed> feeds_;
  std::map<const PipelineSpec*, std::size_t> numbers_;
};

}  // namespace

std::string by_path(const std::string& path) { return path; }

std::vector<std::string> files_written(const PipelineSpec& pipeline) {
  std::vector<std::string> paths;
  for (const Part& part : parts_of(pipeline)) {
    for (FileUse& use : files_of(part)) {
      if (use.writes && !is_device(use.path)) paths.push_back(std::move(use.path));
    }
  }
  return paths;
}

void check_conflicts(const std::vector<PipelineSpec>& pipelines, const FileIdentity& identity,
                     Diagnostics& diagnostics) {
  Conflicts conflicts(identity, diagnostics);
  for (const PipelineSpec& pipeline : pipelines) {
    for (const Part& part : parts_of(pipeline)) conflicts.add(part);
    if (pipeline.spool && !pipeline.spool->path.empty()) conflicts.add_spool(pipeline);
  }
  conflicts.complain_about_cycles();
}

}  // namespace weir::host::spec
