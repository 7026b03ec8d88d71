#pragma once
#include <map>
#include <string>

#include "admin/request.h"
#include "pipeline/tap.h"
#include "pipeline/worker.h"

namespace weir::host::cli {

/// Who may look at which records: at one as it stands after the last privacy transform or later, earlier only where the worker was
/// started so and the reader asks for it.
class Taps {
 public:
  /// `worker` outlives it. `unsafe_allowed`: --admin-unsafe-tap.
  Taps(const Worker& worker, bool unsafe_allowed) : worker_(worker), unsafe_allowed_(unsafe_allowed) {}

  /// GET /pipelines/NAME/tap?after=TRANSFORM&count=N&unsafe=1: a stream of envelopes, or why not.
  [[nodiscard]] admin::Answer open(const std::string& pipeline, const std::map<std::string, std::string>& query) const;
  /// Of that tap.
  [[nodiscard]] admin::Answer open(const std::shared_ptr<Tap>& tap,
                                   const std::map<std::string, std::string>& query) const;

 private:
  [[nodiscard]] admin::Reply refuse_unsafe(const Tap& tap, std::size_t after) const;

  const Worker& worker_;
  const bool unsafe_allowed_;
};

}  // namespace weir::host::cli
