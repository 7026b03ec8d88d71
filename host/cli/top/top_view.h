#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "errors/status.h"

namespace weir::host::cli {

/// The table of `weir top`, made of one answer of /pipelines after the other; rates are those since the answer before, of the first one
/// those since the pipelines started. No terminal in here.
class TopView {
 public:
  using Clock = std::chrono::steady_clock;

  /// The table that the answer, got at `now`, makes: a line of names and one a pipeline, each at most `columns` long. Control characters
  /// of the answer come out as '?'. Not OK: it is no such answer.
  [[nodiscard]] Result<std::string> show(const std::string& json, Clock::time_point now, std::size_t columns);

 private:
  struct Counts {
    double read = 0;
    double delivered = 0;
    double seconds = 0;  // of the pipeline's run
  };
  std::map<std::string, Counts> before_;
  std::optional<Clock::time_point> shown_at_;
};

}  // namespace weir::host::cli
