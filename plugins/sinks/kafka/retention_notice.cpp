#include "retention_notice.h"

#include <utility>

namespace weir::kafka {
namespace {

constexpr std::int64_t kEveryMs = 60'000;

}  // namespace

void RetentionNotice::tell(const char* topic, Milliseconds retention, std::int64_t age_ms, std::int64_t now_ms) {
  auto found = topics_.find(std::string_view(topic));
  if (found == topics_.end()) found = topics_.emplace(topic, Told{}).first;
  Told& told = found->second;
  ++told.not_yet;
  if (now_ms < told.next_ms && told.next_ms - now_ms <= kEveryMs)
    return;  // a clock that was set back does not silence it
  log_.warn("Records are older than their topic keeps any: Kafka may delete them before they are read. topic=" +
            found->first + " retention_ms=" + std::to_string(retention.count()) + " age_ms=" + std::to_string(age_ms) +
            " records=" + std::to_string(std::exchange(told.not_yet, 0)));
  told.next_ms = now_ms + kEveryMs;
}

}  // namespace weir::kafka
