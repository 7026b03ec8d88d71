#include "cli/chaos/message.h"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "cli/chaos/mark.h"
#include "cli/envelope/base64.h"
#include "cli/envelope/json_integer.h"

namespace weir::host::cli::chaos {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kErrors = "__weir.errors.";

template <typename Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

Result<Message> parse_plain(std::string_view line) {
  std::array<std::string_view, 3> columns;
  for (std::string_view& column : columns) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) return Status::data("fewer than four columns");
    column = line.substr(0, tab);
    line.remove_prefix(tab + 1);
  }
  Message message;
  if (!read_number(columns[0], message.partition) || !read_number(columns[1], message.offset))
    return Status::data("partition or offset is no number");
  if (!columns[2].empty()) message.key = columns[2];
  message.value = line;
  return message;
}

/// What is no line; caught where one is read, as is Json::exception.
struct NoLine {
  const char* why;
};

/// Under `name` as text, or under NAME_base64; null: nothing.
std::optional<std::string> bytes_in(const Json& line, const std::string& name) {
  if (const auto found = line.find(name); found != line.end())
    return found->is_null() ? std::nullopt : std::optional(found->get<std::string>());
  auto bytes = from_base64(line.at(name + "_base64").get<std::string>());
  if (!bytes) throw NoLine{"a member is no base64"};
  return bytes;
}

template <typename Number>
Number number_in(const Json& line, const char* name) {
  const auto number = integer_of<Number>(line.at(name));
  if (!number) throw NoLine{"partition or offset is no number"};
  return *number;
}

void read_headers(const Json& headers, Message& message) {
  std::string clone;
  std::string transform;
  for (const Json& header : headers) {
    const auto name = header.at(0).get<std::string>();
    if (!header.at(1).is_string()) continue;
    if (name == kMarkHeader) message.mark = header.at(1).get<std::string>();
    if (!name.starts_with(kErrors)) continue;
    message.is_letter = true;
    if (name == "__weir.errors.clone") clone = header.at(1).get<std::string>();
    if (name == "__weir.errors.transform") transform = header.at(1).get<std::string>();
  }
  if (message.is_letter) message.letter = letter_of(clone, transform);
}

Result<Message> parse_json(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return Status::data("it is no JSON object");
  try {
    Message message;
    message.topic = json.value("topic", "");
    message.partition = number_in<std::int32_t>(json, "partition");
    message.offset = number_in<std::int64_t>(json, "offset");
    message.key = bytes_in(json, "key");
    message.value = bytes_in(json, "value");
    if (const auto headers = json.find("headers"); headers != json.end()) read_headers(*headers, message);
    return message;
  } catch (const Json::exception&) {
    return Status::data("a member is missing or has the wrong type");
  } catch (const NoLine& problem) {
    return Status::data(problem.why);
  }
}

}  // namespace

Result<Message> Message::parse(std::string_view line) {
  return line.starts_with('{') ? parse_json(line) : parse_plain(line);
}

Seen Message::seen() const {
  const Mark from = split_mark(mark);
  Seen seen;
  seen.topic = topic;
  seen.partition = partition;
  seen.offset = offset;
  if (is_letter)
    seen.value = letter;
  else if (value)
    seen.value = *value;
  if (key && !is_letter) seen.key = *key;
  seen.source_partition = from.partition;
  seen.source_offset = from.offset;
  return seen;
}

std::string letter_of(std::string_view clone, std::string_view transform) {
  return std::string(clone).append(" ").append(transform);
}

}  // namespace weir::host::cli::chaos
