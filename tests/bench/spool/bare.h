#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "latencies.h"

namespace weir::bench {

/// What a durable log costs without any gathering: each record appended to the file and synced by itself, by one thread, until
/// `is_over`. Throws when the disk refuses.
[[nodiscard]] Latencies append_and_sync(const std::string& file, const std::function<std::string_view()>& next_record,
                                        const std::function<bool()>& is_over);

}  // namespace weir::bench
