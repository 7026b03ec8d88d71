#pragma once
#include <memory>
#include <string>

#include "checkpoint/store.h"
#include "pipeline/backlog.h"
#include "spec/pipeline_spec.h"
#include "spool/format.h"
#include "spool/spool.h"

namespace weir::host::cli {

/// What `spool:` says, as the spool takes it.
[[nodiscard]] spool::Options spool_options(const spec::PipelineSpec& pipeline);
/// So many bytes of the pipeline's `memory:` are the spool's own.
[[nodiscard]] std::uint64_t spool_memory(const spec::PipelineSpec& pipeline);

/// The pipeline's spool on the machine's disk. Nothing is opened yet. [control]
[[nodiscard]] std::unique_ptr<Backlog> make_backlog(const spec::PipelineSpec& pipeline);

/// Where the position in the spool is kept, with the spool's own id beside it: what was stored of another spool says nothing about this
/// one, which then goes by what it knows itself. `state`: the state directory.
[[nodiscard]] std::unique_ptr<CheckpointStore> backlog_store_of(const spec::PipelineSpec& pipeline,
                                                                const std::string& state);

/// The last record of the spool that such a checkpoint knows as delivered; 0: none.
[[nodiscard]] spool::Sequence delivered_in(const Checkpoint& checkpoint);

/// Whether what the pipeline has spooled would not be sent, because its spool is another one now, or there is none. E_CONFIG: so many records wait
/// in the former one, and what to do. One that is gone raises an alarm.
[[nodiscard]] Status check_former_spool(const spec::PipelineSpec& pipeline, const std::string& state);
/// Stores where the pipeline's spool is, for that question. Only while nobody else has the state.
void remember_spool(const spec::PipelineSpec& pipeline, const std::string& state);

}  // namespace weir::host::cli
