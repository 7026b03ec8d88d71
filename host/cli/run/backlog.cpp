#include "cli/run/backlog.h"

#include <algorithm>
#include <charconv>

#include "cli/moment.h"
#include "observe/log.h"
#include "spool/inspect.h"
#include "spool/state.h"

namespace weir::host::cli {
namespace {

class SpoolBacklog final : public Backlog {
 public:
  explicit SpoolBacklog(const spec::PipelineSpec& pipeline)
      : spool_(std::make_shared<spool::Spool>(spool_options(pipeline), spool::disk_files(), wall_clock_ms,
                                              Log().with("pipeline", pipeline.name))) {
    spool_->hold();
  }

  std::unique_ptr<Sink> make_sink() override { return spool::make_sink(spool_); }
  std::unique_ptr<Source> make_source(Positions& positions) override { return spool::make_source(spool_, positions); }
  void end_input() override { spool_->end_input(); }
  void close() override { spool_->release(); }

  /// The spool counts in several threads: its figures are of one moment when they agree.
  BacklogFigures figures() const override {
    BacklogFigures figures = spool_->figures();
    for (int tries = 0; tries < kMostLooks && !figures.balanced(); ++tries) figures = spool_->figures();
    return figures;
  }

 private:
  static constexpr int kMostLooks = 1000;

  std::shared_ptr<spool::Spool> spool_;  // shared with its ends
};

/// Beside the store of the source's positions, under a name that no source has: swapped sources leave it alone.
constexpr const char* kStoreName = "spool";

// What is stored beside the position.
constexpr const char* kSpool = "spool";    // the spool's id
constexpr const char* kFolder = "folder";  // where it lay

std::string id_of(const spool::StateSlot& slot) { return {slot.spool.data(), slot.spool.size()}; }

/// Of the spool that lies in the folder now; empty: none does.
std::string id_of(const std::string& folder) {
  const auto slot = spool::StateFile::read(spool::disk_files(), folder);
  return slot ? id_of(*slot) : std::string();
}

/// Records of the spool that were not delivered, as far as it and the stored position tell.
Result<std::uint64_t> waiting_in(const std::string& folder, spool::Sequence delivered) {
  const auto spool = spool::Inspector::open(spool::disk_files(), folder, "");
  if (!spool) return spool.status();
  const auto slot = (*spool)->state();
  if (!slot) return slot.status();
  const auto segments = (*spool)->segments();
  if (!segments) return segments.status();
  const spool::Sequence next = std::max(slot->delivered, delivered) + 1;
  std::uint64_t waiting = 0;
  for (const spool::SegmentSummary& segment : *segments) waiting += segment.records_from(next);
  return waiting;
}

std::string part_of(const Checkpoint& checkpoint, const char* name) {
  const auto found = checkpoint.state.find(name);
  return found == checkpoint.state.end() ? std::string() : found->second;
}

/// See backlog_store_of.
class BacklogStore final : public CheckpointStore {
 public:
  BacklogStore(std::unique_ptr<CheckpointStore> store, std::string folder)
      : store_(std::move(store)), folder_(std::move(folder)) {}

  Result<Checkpoint> load() override {
    Result<Checkpoint> loaded = store_->load();
    if (!loaded || loaded->positions.empty()) return loaded;
    const auto of = loaded->state.find(kSpool);
    const bool is_its_own = of != loaded->state.end() && !of->second.empty() && of->second == id();
    return is_its_own ? std::move(loaded) : Checkpoint{};
  }

  Status store(const Checkpoint& checkpoint) override {
    if (id_.empty()) id_ = id();  // where there is a position, there is a spool
    Checkpoint with_id = checkpoint;
    with_id.state[kSpool] = id_;
    with_id.state[kFolder] = folder_;
    return store_->store(with_id);
  }

  Status clear() override { return store_->clear(); }

 private:
  [[nodiscard]] std::string id() const { return id_of(folder_); }

  const std::unique_ptr<CheckpointStore> store_;
  const std::string folder_;
  std::string id_;
};

}  // namespace

spool::Options spool_options(const spec::PipelineSpec& pipeline) {
  const spec::SpoolSpec& spec = *pipeline.spool;
  const std::uint64_t share = pipeline.memory / pipeline.shares();
  spool::Options options;
  options.folder = spec.path;
  options.owner = pipeline.name;
  options.max_bytes = spec.max_bytes;
  options.max_age = spec.max_age;
  options.keep_delivered = spec.keep_delivered;
  options.secrets = spec.secrets;
  options.write_memory = std::min<std::uint64_t>(options.write_memory, share / 4);
  options.read_memory = std::min<std::uint64_t>(options.read_memory, share / 4);
  return options;
}

std::uint64_t spool_memory(const spec::PipelineSpec& pipeline) {
  const spool::Options options = spool_options(pipeline);
  return options.write_memory + options.read_memory;
}

std::unique_ptr<Backlog> make_backlog(const spec::PipelineSpec& pipeline) {
  return std::make_unique<SpoolBacklog>(pipeline);
}

std::unique_ptr<CheckpointStore> backlog_store_of(const spec::PipelineSpec& pipeline, const std::string& state) {
  return std::make_unique<BacklogStore>(make_file_checkpoint_store(state, pipeline.name, kStoreName),
                                        pipeline.spool->path);
}

spool::Sequence delivered_in(const Checkpoint& checkpoint) {
  const auto position = checkpoint.positions.find(std::string(spool::kPartition));
  if (position == checkpoint.positions.end()) return 0;
  const std::string& text = position->second;
  const char* const end = text.data() + text.size();
  spool::Sequence delivered = 0;
  const auto [stop, wrong] = std::from_chars(text.data(), end, delivered);
  return wrong == std::errc() && stop == end ? delivered : 0;
}

Status check_former_spool(const spec::PipelineSpec& pipeline, const std::string& state) {
  const auto stored = make_file_checkpoint_store(state, pipeline.name, kStoreName)->load();
  if (!stored) return {};  // told by who needs it
  const std::string folder = part_of(*stored, kFolder);
  const std::string id = part_of(*stored, kSpool);
  if (folder.empty()) return {};
  if (pipeline.spool) {
    const auto here = spool::StateFile::read(spool::disk_files(), pipeline.spool->path);
    if (!here && here.status().code() != WEIR_NOT_FOUND) return {};  // told by who opens it
    if (here && !id.empty() && id_of(*here) == id) return {};        // the former one, or a copy of it
  }
  const std::string there = id_of(folder);
  const std::string note = state + "/" + pipeline.name + "/" + kStoreName + ".checkpoint";
  if (!id.empty() && there != id) {
    Log()
        .with("pipeline", pipeline.name)
        .alarm(
            "spool_gone",
            "The spool that this pipeline had is not there any more; what waited in it, if anything did, is not sent.",
            {{"spool", folder}, {"remembered_by", note}});
    return {};
  }
  if (there.empty() || (pipeline.spool && pipeline.spool->path == folder)) return {};
  const Result<std::uint64_t> waiting = waiting_in(folder, delivered_in(*stored));
  if (!waiting) return waiting.status();
  if (*waiting == 0) return {};
  return Status::config(pipeline.name + ": " + std::to_string(*waiting) + " records wait in '" + folder +
                        "', the spool it had before, and would not be sent. Give it that `path` again until they "
                        "are; or, to leave them there, remove " +
                        note);
}

void remember_spool(const spec::PipelineSpec& pipeline, const std::string& state) {
  if (!pipeline.spool) return;
  const auto store = backlog_store_of(pipeline, state);
  const auto stored = store->load();
  if (!stored) return;
  const bool is_known = part_of(*stored, kFolder) == pipeline.spool->path && !part_of(*stored, kSpool).empty();
  if (is_known) return;
  if (const Status remembered = store->store(*stored); !remembered.ok())
    Log().warn("Where the spool is could not be stored.", {{"reason", remembered.message()}});
}

}  // namespace weir::host::cli
