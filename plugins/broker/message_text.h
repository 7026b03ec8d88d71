#pragma once
#include <librdkafka/rdkafka.h>

#include <string>

namespace weir::consume {

/// Appends PARTITION, OFFSET, KEY and VALUE with tabs between and a newline behind; with headers as a fifth column.
void append_line(std::string& out, const rd_kafka_message_t& message, bool headers);

/// Appends one JSON object and a newline.
void append_json(std::string& out, const rd_kafka_message_t& message);

}  // namespace weir::consume
