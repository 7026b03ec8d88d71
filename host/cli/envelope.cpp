#include "cli/envelope.h"

#include <nlohmann/json.hpp>
#include <optional>

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

std::string base64(std::string_view bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j) text += i + j > bytes.size() ? '=' : kDigits[group >> (18 - 6 * j) & 63];
  }
  return text;
}

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
  void headers(Headers headers) {
    if (headers.count == 0) return;
    std::string list = "[";
    for (const Header& header : headers.all()) {
      list += list.size() == 1 ? "[" : ",[";
      list += json_string(view(header.name)).value_or("\"\"") + ",";
      list +=
          (is_null(header.value) ? "null"
                                 : json_string(view(header.value)).value_or(Json(base64(view(header.value))).dump())) +
          "]";
    }
    raw("headers", list + "]");
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

std::string error_envelope(const Record& record, std::string_view pipeline, bool privacy, std::string_view partition,
                           std::string_view offset) {
  Writer writer({});
  if (!privacy) {
    writer.slot("key", "key_base64", record.original[WEIR_KEY]);
    writer.slot("value", "value_base64", record.original[WEIR_VALUE]);
    writer.headers(record.original_headers);
  }
  write_timestamp(writer, record);
  const Failure& failure = *record.failure;
  Json error{{"pipeline", pipeline},
             {"transform", failure.stage},
             {"code", status_name(failure.status)},
             {"message", failure.reason}};
  if (!failure.at.empty()) error["field"] = failure.at;
  writer.raw("error", error.dump());
  writer.raw("position", Json{{"partition", partition}, {"offset", offset}}.dump());
  if (record.clone_number > 0) writer.raw("clone", std::to_string(record.clone_number));
  return writer.done();
}

}  // namespace weir::host::cli
