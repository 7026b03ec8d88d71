#include "cli/dlq/letter.h"

#include <nlohmann/json.hpp>

#include "cli/envelope/base64.h"
#include "cli/envelope/json_integer.h"
#include "cli/envelope/sealed_letter.h"

namespace weir::host::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What is no envelope; caught where one is read.
struct NoLetter {
  const char* why;
};

std::string text_of(const Json& value) {
  if (!value.is_string()) throw NoLetter{"a member has the wrong type"};
  return value.get<std::string>();
}

std::string text_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? std::string() : text_of(*found);
}

std::string bytes_of_base64(const Json& value) {
  auto bytes = from_base64(text_of(value));
  if (!bytes) throw NoLetter{"a member is no base64"};
  return *std::move(bytes);
}

/// Under `name` as text, or under NAME_base64.
LetterRecord::Bytes bytes_in(const Json& object, const std::string& name) {
  if (const auto found = object.find(name); found != object.end()) return text_of(*found);
  if (const auto found = object.find(name + "_base64"); found != object.end()) return bytes_of_base64(*found);
  return std::nullopt;
}

/// Null, a text, or {"base64": …}.
LetterRecord::Bytes header_bytes(const Json& value) {
  if (value.is_null()) return std::nullopt;
  if (!value.is_object()) return text_of(value);
  const auto found = value.find("base64");
  if (found == value.end()) throw NoLetter{"a header has the wrong type"};
  return bytes_of_base64(*found);
}

void read_headers(const Json& list, LetterRecord& out) {
  if (!list.is_array()) throw NoLetter{"a member has the wrong type"};
  for (const Json& pair : list) {
    if (!pair.is_array() || pair.size() != 2) throw NoLetter{"a header is no pair"};
    out.headers.emplace_back(header_bytes(pair[0]).value_or(""), header_bytes(pair[1]));
  }
}

const Json& object_in(const Json& object, const char* name) {
  static const Json kNothing = Json::object();
  const auto found = object.find(name);
  if (found == object.end()) return kNothing;
  if (!found->is_object()) throw NoLetter{"a member has the wrong type"};
  return *found;
}

template <typename Number>
Number number_in(const Json& object, const char* name, Number otherwise) {
  const auto found = object.find(name);
  if (found == object.end()) return otherwise;
  const auto number = integer_of<Number>(*found);
  if (!number) throw NoLetter{"a member is no number, or out of range"};
  return *number;
}

Letter read(const Json& line) {
  if (!line.is_object() || !line.contains("error")) throw NoLetter{"it is no envelope with an error"};
  Letter letter;
  const Json& error = object_in(line, "error");
  letter.pipeline = text_in(error, "pipeline");
  letter.transform = text_in(error, "transform");
  letter.code = text_in(error, "code");
  letter.message = text_in(error, "message");
  letter.field = text_in(error, "field");
  const Json& position = object_in(line, "position");
  letter.partition = bytes_in(position, "partition").value_or("");
  letter.offset = bytes_in(position, "offset").value_or("");
  letter.clone = number_in<std::uint32_t>(line, "clone", 0);
  letter.record.timestamp_ms = number_in<std::int64_t>(line, "timestamp_ms", -1);
  if (const std::string payload = text_in(error, "payload"); payload == "encrypted") {
    letter.payload = Letter::Payload::encrypted;
    letter.sealed = bytes_in(line, "value").value_or("");
    return letter;
  }
  letter.record.key = bytes_in(line, "key");
  letter.record.value = bytes_in(line, "value");
  letter.record.topic = bytes_in(line, "topic");
  if (const auto headers = line.find("headers"); headers != line.end()) read_headers(*headers, letter.record);
  letter.payload = letter.record.is_empty() ? Letter::Payload::none : Letter::Payload::plain;
  return letter;
}

}  // namespace

Result<Letter> Letter::parse(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (json.is_discarded()) return Status::data("it is no JSON");
  try {
    return read(json);
  } catch (const NoLetter& problem) {
    return Status::data(problem.why);
  }
}

Result<LetterRecord> Letter::open(const crypto::KeyRing* keys) const {
  if (payload == Payload::none) return Status::data("it holds no record, only where one stood");
  if (payload == Payload::plain) return record;
  if (keys == nullptr) return Status::config("it is encrypted: name its secret with --secret-file, or its pipeline");
  return open_letter(*keys, sealed);
}

void Letter::write_facts(ObjectWriter& writer) const {
  ObjectWriter error;
  error.text_if_any("pipeline", pipeline);
  error.text_if_any("transform", transform);
  error.text_if_any("code", code);
  error.text_if_any("message", message);
  error.text_if_any("field", field);
  writer.raw("error", error.done());
  ObjectWriter position;
  if (!partition.empty()) position.bytes("partition", partition);
  if (!offset.empty()) position.bytes("offset", offset);
  if (!position.empty()) writer.raw("position", position.done());
  if (clone > 0) writer.raw("clone", std::to_string(clone));
}

const char* payload_name(Letter::Payload payload) {
  switch (payload) {
    case Letter::Payload::none:
      return "none";
    case Letter::Payload::plain:
      return "plain";
    case Letter::Payload::encrypted:
      break;
  }
  return "encrypted";
}

}  // namespace weir::host::cli
