#include "cli/envelope/object_writer.h"

#include <nlohmann/json.hpp>

#include "cli/envelope/base64.h"

namespace weir::host::cli {

using Json = nlohmann::json;

std::optional<std::string> json_string(std::string_view bytes) {
  try {
    return Json(std::string(bytes)).dump();
  } catch (const Json::type_error&) {
    return std::nullopt;
  }
}

std::string json_bytes(std::optional<std::string_view> bytes) {
  if (!bytes) return "null";
  return json_string(*bytes).value_or(R"({"base64":")" + base64(*bytes) + R"("})");
}

void ObjectWriter::text(std::string_view name, std::string_view value) {
  raw(name, json_string(value).value_or(R"("")"));
}

void ObjectWriter::text_if_any(std::string_view name, std::string_view value) {
  if (!value.empty()) text(name, value);
}

void ObjectWriter::raw(std::string_view name, std::string_view json) {
  if (!empty()) line_ += ',';
  line_.append(Json(std::string(name)).dump()).append(":").append(json);
}

void ObjectWriter::bytes(std::string_view name, std::optional<std::string_view> value) {
  if (!value) return;
  if (const auto json = json_string(*value)) {
    raw(name, *json);
  } else {
    text(std::string(name) + "_base64", base64(*value));
  }
}

}  // namespace weir::host::cli
