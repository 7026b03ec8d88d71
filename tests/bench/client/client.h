#pragma once
#include <librdkafka/rdkafka.h>

#include <string>
#include <utility>
#include <vector>

namespace weir::bench {

using Settings = std::vector<std::pair<std::string, std::string>>;  // librdkafka's names

/// `settings` win over `defaults`. Throws std::runtime_error when librdkafka refuses one.
[[nodiscard]] rd_kafka_conf_t* make_conf(const Settings& defaults, const Settings& settings);

/// Takes the configuration. Throws std::runtime_error when librdkafka does not start.
[[nodiscard]] rd_kafka_t* make_client(rd_kafka_type_t type, rd_kafka_conf_t* conf);

}  // namespace weir::bench
