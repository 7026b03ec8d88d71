#include "retention_notice.h"

#include <string>

namespace weir::kafka {
namespace {

constexpr std::int64_t kEveryMs = 60'000;

}  // namespace

void RetentionNotice::tell(const char* topic, Milliseconds retention, std::int64_t age_ms, std::int64_t now_ms) {
  ++untold_;
  if (now_ms < next_ms_ && next_ms_ - now_ms <= kEveryMs) return;  // a clock that was set back does not silence it
  log_.warn("Records are older than their topic keeps any: Kafka may delete them before they are read. topic=" +
            std::string(topic) + " retention_ms=" + std::to_string(retention.count()) +
            " age_ms=" + std::to_string(age_ms) + " records=" + std::to_string(untold_));
  untold_ = 0;
  next_ms_ = now_ms + kEveryMs;
}

}  // namespace weir::kafka
