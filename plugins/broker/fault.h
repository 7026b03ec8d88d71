#pragma once
#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::broker {

/// What a broker is told to do wrong, for tests of clients. Errors are answered before anything is stored.
struct Fault {
  std::int16_t request = 0;  // Kafka's ApiKey
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::uint32_t after = 0;  // requests of this kind that pass first
  std::uint32_t times = 1;  // then so many fail
};

/// Reads REQUEST:ERROR[@after=N[,times=N]], such as "produce:OUT_OF_ORDER_SEQUENCE_NUMBER@after=1000".
/// Throws std::invalid_argument with what is wrong.
[[nodiscard]] Fault parse_fault(std::string_view text);

/// The names that parse_fault takes for REQUEST, for help texts.
[[nodiscard]] std::string request_names();

}  // namespace weir::broker
