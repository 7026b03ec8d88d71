#pragma once
#include <string>
#include <vector>

#include "cli/chaos/topics.h"
#include "errors/status.h"
#include "spec/pipeline_spec.h"

namespace weir::host::cli::chaos {

/// Where a run of a pipeline takes place: everything that it writes lies in the folder, and its messages go to that broker.
struct Home {
  std::string folder;     // absolute
  std::string bootstrap;  // HOST:PORT

  [[nodiscard]] std::string state() const { return folder + "/state"; }
};

/// Whether chaos can be had with it: its source reads again after a kill, and from elsewhere than Kafka, and its sink is Kafka. E_CONFIG says
/// what is missing.
[[nodiscard]] Status check_suitable(const spec::PipelineSpec& pipeline);

/// Moves all that the pipeline writes: files, the spool, topics. Which components write to Kafka is told by their fields: a mapping
/// `config` with `bootstrap.servers`.
void move_home(spec::PipelineSpec& pipeline, const Home& home);

/// Topics that its components name. `partitions` where `create_topic` says nothing.
[[nodiscard]] std::vector<Topic> topics_of(const spec::PipelineSpec& pipeline, int partitions);

/// Whether the component writes to Kafka.
[[nodiscard]] bool has_broker(const spec::ComponentSpec& component);

/// The files its dead letter sink writes, and the one for letters that this refuses, within the folder of its home.
[[nodiscard]] std::vector<std::string> letter_files(const spec::PipelineSpec& moved, const Home& home);

}  // namespace weir::host::cli::chaos
