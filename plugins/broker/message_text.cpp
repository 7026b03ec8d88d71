#include "message_text.h"

#include <string_view>

#include "json_text/json_text.h"

namespace weir::consume {
namespace {

using weir::plugins::append_base64;
using weir::plugins::append_json_string;
using weir::plugins::is_utf8;

std::string_view view(const void* bytes, std::size_t size) { return {static_cast<const char*>(bytes), size}; }

/// Calls call(name, value) for each header; value.data() is null for a null value.
template <typename Call>
void each_header(const rd_kafka_message_t& message, Call&& call) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
    call(std::string_view(name), view(value, size));
}

/// The text, base64 of bytes that are none, or null.
void append_text(std::string& out, std::string_view bytes) {
  if (bytes.data() == nullptr) {
    out += "null";
  } else if (is_utf8(bytes)) {
    append_json_string(out, bytes);
  } else {
    out += '"';
    append_base64(out, bytes);
    out += '"';
  }
}

void append_member(std::string& out, const char* name, std::string_view bytes) {
  out += ",\"";
  out += name;
  if (bytes.data() != nullptr && !is_utf8(bytes)) out += "_base64";
  out += "\":";
  append_text(out, bytes);
}

}  // namespace

void append_line(std::string& out, const rd_kafka_message_t& message, bool headers) {
  out += std::to_string(message.partition);
  out += '\t';
  out += std::to_string(message.offset);
  out += '\t';
  out += view(message.key, message.key_len);
  out += '\t';
  out += view(message.payload, message.len);
  if (headers) {
    char before = '\t';
    each_header(message, [&](std::string_view name, std::string_view value) {
      out += before;
      out += name;
      out += '=';
      out += value;
      before = ';';
    });
  }
  out += '\n';
}

void append_json(std::string& out, const rd_kafka_message_t& message) {
  out += "{\"topic\":";
  append_text(out, rd_kafka_topic_name(message.rkt));
  out += ",\"partition\":" + std::to_string(message.partition) + ",\"offset\":" + std::to_string(message.offset);
  out += ",\"timestamp_ms\":" + std::to_string(rd_kafka_message_timestamp(&message, nullptr));
  append_member(out, "key", view(message.key, message.key_len));
  append_member(out, "value", view(message.payload, message.len));
  out += ",\"headers\":[";
  const char* before = "[";
  each_header(message, [&](std::string_view name, std::string_view value) {
    out += before;
    append_text(out, name);
    out += ',';
    append_text(out, value);
    out += ']';
    before = ",[";
  });
  out += "]}\n";
}

}  // namespace weir::consume
