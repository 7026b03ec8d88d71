#include "cli/envelope/envelope.h"

#include "cli/envelope/object_writer.h"
#include "errors/status.h"

namespace weir::host::cli {
namespace {

std::optional<std::string_view> optional_view(Bytes bytes) {
  return is_null(bytes) ? std::nullopt : std::optional(view(bytes));
}

/// Those of the host's own are told in other members.
void write_headers(ObjectWriter& writer, Headers headers) {
  std::string list;
  for (const Header& header : headers.all()) {
    if (view(header.name).starts_with("__weir.")) continue;
    list.append(list.empty() ? "[[" : ",[").append(json_bytes(view(header.name)));
    list.append(",").append(json_bytes(optional_view(header.value))).append("]");
  }
  if (!list.empty()) writer.raw("headers", list + "]");
}

void write_timestamp(ObjectWriter& writer, const Record& record) {
  if (record.timestamp_ms >= 0) writer.raw("timestamp_ms", std::to_string(record.timestamp_ms));
}

void write_error(ObjectWriter& writer, const Failure& failure, std::string_view pipeline, LetterPayload payload) {
  ObjectWriter error;
  error.text_if_any("pipeline", pipeline);
  error.text_if_any("transform", failure.in_transform ? failure.stage : std::string_view());
  error.text_if_any("code", status_name(failure.status));
  error.text_if_any("message", failure.reason);
  error.text_if_any("field", failure.at);
  if (payload == LetterPayload::encrypted) error.text("payload", "encrypted");
  writer.raw("error", error.done());
}

void write_position(ObjectWriter& writer, std::string_view partition, std::string_view offset) {
  ObjectWriter position;
  if (!partition.empty()) position.bytes("partition", partition);
  if (!offset.empty()) position.bytes("offset", offset);
  if (!position.empty()) writer.raw("position", position.done());
}

}  // namespace

std::string envelope(const Record& record, std::string_view step) {
  ObjectWriter writer;
  writer.text_if_any("step", step);
  if (!is_null(record.topic)) writer.text("topic", view(record.topic));
  writer.bytes("key", optional_view(record.key()));
  writer.bytes("value", optional_view(record.value()));
  write_headers(writer, record.headers);
  write_timestamp(writer, record);
  return writer.done();
}

std::string error_envelope(const Record& record, std::string_view pipeline, LetterPayload payload,
                           std::string_view partition, std::string_view offset) {
  ObjectWriter writer;
  if (payload == LetterPayload::plain) {
    writer.bytes("key", optional_view(record.original[WEIR_KEY]));
    writer.bytes("value", optional_view(record.original[WEIR_VALUE]));
    write_headers(writer, record.original_headers);
  } else if (payload == LetterPayload::encrypted) {
    writer.bytes("value", optional_view(record.value()));
  }
  write_timestamp(writer, record);
  write_error(writer, *record.failure, pipeline, payload);
  write_position(writer, partition, offset);
  if (record.clone_number > 0) writer.raw("clone", std::to_string(record.clone_number));
  return writer.done();
}

}  // namespace weir::host::cli
