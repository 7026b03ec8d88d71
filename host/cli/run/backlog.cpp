#include "cli/run/backlog.h"

#include <algorithm>

#include "cli/moment.h"
#include "observe/log.h"
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
    return store_->store(with_id);
  }

  Status clear() override { return store_->clear(); }

 private:
  static constexpr const char* kSpool = "spool";

  /// Of the spool that lies in the folder now; empty: none does.
  [[nodiscard]] std::string id() const {
    const auto slot = spool::StateFile::read(spool::disk_files(), folder_);
    return slot ? std::string(slot->spool.data(), slot->spool.size()) : std::string();
  }

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

}  // namespace weir::host::cli
