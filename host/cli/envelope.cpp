#include "cli/envelope.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "cli/base64.h"
#include "errors/status.h"

namespace weir::host::cli {
namespace {

using Json = nlohmann::ordered_json;

/// As JSON text, or nothing when it is not UTF-8.
std::optional<std::string> json_string(std::string_view bytes) {
  try {
    return Json(std::string(bytes)).dump();
  } catch (const Json::type_error&) {
    return std::nullopt;
  }
}

std::string header_value(Bytes value) {
  if (is_null(value)) return "null";
  return json_string(view(value)).value_or(Json{{"base64", base64(view(value))}}.dump());
}

/// An object of those members that have a value.
class Members {
 public:
  void add(const char* name, std::string_view text) {
    if (!text.empty()) json_[name] = text;
  }
  void add_bytes(const char* name, const char* base64_name, std::string_view bytes) {
    if (bytes.empty()) return;
    if (json_string(bytes)) {
      json_[name] = bytes;
    } else {
      json_[base64_name] = base64(bytes);
    }
  }
  [[nodiscard]] std::string text() const { return json_.dump(); }
  [[nodiscard]] bool empty() const { return json_.empty(); }

 private:
  Json json_ = Json::object();
};

class Writer {
 public:
  explicit Writer(std::string_view step) {
    if (!step.empty()) text("step", step);
  }
  void text(std::string_view name, std::string_view value) { raw(name, json_string(value).value_or("\"\"")); }
  void raw(std::string_view name, const std::string& json) {
    line_ += line_.size() == 1 ? "" : ",";
    line_ += Json(std::string(name)).dump() + ":" + json;
  }
  /// A slot under `name`, or in base64 under `base64_name`; null is left out.
  void slot(std::string_view name, std::string_view base64_name, Bytes bytes) {
    if (is_null(bytes)) return;
    if (const auto json = json_string(view(bytes)))
      raw(name, *json);
    else
      text(base64_name, base64(view(bytes)));
  }
  /// Those of the host's own are told in other members.
  void headers(Headers headers) {
    std::string list;
    for (const Header& header : headers.all()) {
      if (view(header.name).starts_with("__weir.")) continue;
      list += (list.empty() ? "[[" : ",[") + json_string(view(header.name)).value_or("\"\"") + "," +
              header_value(header.value) + "]";
    }
    if (!list.empty()) raw("headers", list + "]");
  }
  [[nodiscard]] std::string done() { return line_ + "}"; }

 private:
  std::string line_ = "{";
};

void write_timestamp(Writer& writer, const Record& record) {
  if (record.timestamp_ms >= 0) writer.raw("timestamp_ms", std::to_string(record.timestamp_ms));
}

}  // namespace

std::string envelope(const Record& record, std::string_view step) {
  Writer writer(step);
  if (!is_null(record.topic)) writer.text("topic", view(record.topic));
  writer.slot("key", "key_base64", record.key());
  writer.slot("value", "value_base64", record.value());
  writer.headers(record.headers);
  write_timestamp(writer, record);
  return writer.done();
}

std::string error_envelope(const Record& record, std::string_view pipeline, LetterPayload payload,
                           std::string_view partition, std::string_view offset) {
  Writer writer({});
  if (payload == LetterPayload::plain) {
    writer.slot("key", "key_base64", record.original[WEIR_KEY]);
    writer.slot("value", "value_base64", record.original[WEIR_VALUE]);
    writer.headers(record.original_headers);
  } else if (payload == LetterPayload::encrypted) {
    writer.slot("value", "value_base64", record.value());
  }
  write_timestamp(writer, record);
  const Failure& failure = *record.failure;
  Members error;
  error.add("pipeline", pipeline);
  error.add("transform", failure.in_transform ? failure.stage : std::string_view());
  error.add("code", status_name(failure.status));
  error.add("message", failure.reason);
  error.add("field", failure.at);
  if (payload == LetterPayload::encrypted) error.add("payload", "encrypted");
  writer.raw("error", error.text());
  Members position;
  position.add_bytes("partition", "partition_base64", partition);
  position.add_bytes("offset", "offset_base64", offset);
  if (!position.empty()) writer.raw("position", position.text());
  if (record.clone_number > 0) writer.raw("clone", std::to_string(record.clone_number));
  return writer.done();
}

}  // namespace weir::host::cli
