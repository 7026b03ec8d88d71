#pragma once
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "admin/request.h"
#include "cli/metrics.h"
#include "pipeline/tap.h"
#include "pipeline/worker.h"
#include "spec/pipeline_spec.h"

namespace weir::host::cli {

/// The taps of all pipelines, and who may look where: at a record as it stands after the last privacy transform or later, earlier only
/// where the worker was started so and the reader asks for it. Thread-safe.
class Taps {
 public:
  /// `worker` outlives it. `unsafe_allowed`: --admin-unsafe-tap.
  Taps(const Worker& worker, bool unsafe_allowed) : worker_(worker), unsafe_allowed_(unsafe_allowed) {}

  /// The tap of a pipeline that may be about to run.
  [[nodiscard]] std::shared_ptr<Tap> make(const spec::PipelineSpec& pipeline);
  /// GET /pipelines/NAME/tap?after=TRANSFORM&count=N&unsafe=1: a stream of envelopes, or why not.
  [[nodiscard]] admin::Answer open(const std::string& pipeline, const std::map<std::string, std::string>& query);
  [[nodiscard]] std::vector<TapFigures> figures() const;

 private:
  struct Place {
    std::string pipeline;
    std::shared_ptr<Tap> tap;
    std::vector<std::string> transforms;
    std::size_t first_safe = 0;  // so many transforms, up to the last privacy transform
  };

  /// Where that tap is; null: it is none of ours.
  [[nodiscard]] const Place* place_of(const Tap* tap) const;
  /// Nothing more passes that tap.
  [[nodiscard]] bool is_over(const std::string& pipeline, const Tap& tap) const;
  [[nodiscard]] admin::Reply refuse_unsafe(const Place& place, std::size_t after) const;

  const Worker& worker_;
  const bool unsafe_allowed_;
  mutable std::mutex mutex_;  // guards what is below
  std::deque<Place> places_;  // of all pipelines that ran or were to run
};

}  // namespace weir::host::cli
