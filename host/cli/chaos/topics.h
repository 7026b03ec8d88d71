#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "errors/status.h"

namespace weir::host::cli::chaos {

struct Topic {
  std::string name;
  int partitions = 0;
};

/// NAME:PARTITIONS,… E_CONFIG: it is not that.
[[nodiscard]] Result<std::vector<Topic>> parse_topics(std::string_view list);

/// Both; of a topic that is in both what is wanted counts.
[[nodiscard]] std::vector<Topic> merged_topics(std::vector<Topic> wanted, const std::vector<Topic>& declared);

}  // namespace weir::host::cli::chaos
