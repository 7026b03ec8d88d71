#include "envelope/envelope.h"

#include <array>

#include "json_text/json_text.h"

namespace weir::plugins {
namespace {

using Bytes = std::optional<std::string_view>;

constexpr std::string_view kErrors = "__weir.errors.";

/// The members of one JSON object, one after the other; those without a value are left out, and so is an object without members.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) {}

  /// Begins a member; its value comes next.
  std::string& name(std::string_view name) {
    out_ += first_ ? '{' : ',';
    first_ = false;
    append_json_string(out_, name);
    out_ += ':';
    return out_;
  }
  void text(std::string_view member, Bytes text) {
    if (text) append_json_string(name(member), *text);
  }
  void text_or_base64(std::string_view member, std::string_view member_base64, Bytes bytes) {
    if (!bytes) return;
    if (is_utf8(*bytes)) return text(member, bytes);
    name(member_base64) += '"';
    append_base64(out_, *bytes);
    out_ += '"';
  }
  void number(std::string_view member, std::string_view digits) { name(member) += digits; }
  void end() { out_ += '}'; }
  [[nodiscard]] bool empty() const { return first_; }

 private:
  std::string& out_;
  bool first_ = true;
};

/// What the host says of a dead letter, without "__weir.errors.".
struct ErrorHeaders {
  Bytes pipeline, transform, code, message, field, partition, offset, clone, payload;
  std::uint32_t others = 0;  // headers that are the record's own

  Bytes* slot(std::string_view name) {
    const std::array<std::pair<std::string_view, Bytes*>, 9> slots = {{{"pipeline", &pipeline},
                                                                       {"transform", &transform},
                                                                       {"code", &code},
                                                                       {"message", &message},
                                                                       {"field", &field},
                                                                       {"partition", &partition},
                                                                       {"offset", &offset},
                                                                       {"clone", &clone},
                                                                       {"payload", &payload}}};
    for (const auto& [known, value] : slots) {
      if (known == name) return value;
    }
    return nullptr;
  }
};

ErrorHeaders read_errors(const Headers& headers) {
  ErrorHeaders errors;
  for (const Header header : headers) {
    if (!header.name.starts_with(kErrors)) {
      ++errors.others;
    } else if (Bytes* slot = errors.slot(header.name.substr(kErrors.size()))) {
      *slot = header.value;
    }
  }
  return errors;
}

void append_header(std::string& out, const Header& header) {
  out += '[';
  append_json_string(out, header.name);
  out += ',';
  if (!header.value) {
    out += "null";
  } else if (is_utf8(*header.value)) {
    append_json_string(out, *header.value);
  } else {
    Members members(out);
    members.text_or_base64("", "base64", header.value);
    members.end();
  }
  out += ']';
}

void append_headers(std::string& out, const Headers& headers) {
  out += '[';
  bool first = true;
  for (const Header header : headers) {
    if (header.name.starts_with(kErrors)) continue;
    if (!first) out += ',';
    first = false;
    append_header(out, header);
  }
  out += ']';
}

void append_error(Members& members, const ErrorHeaders& errors) {
  if (errors.code) {
    Members error(members.name("error"));
    error.text("pipeline", errors.pipeline);
    error.text("transform", errors.transform);
    error.text("code", errors.code);
    error.text("message", errors.message);
    error.text("field", errors.field);
    error.text("payload", errors.payload);
    error.end();
  }
  if (errors.partition || errors.offset) {
    Members position(members.name("position"));
    position.text_or_base64("partition", "partition_base64", errors.partition);
    position.text_or_base64("offset", "offset_base64", errors.offset);
    position.end();
  }
  const bool digits =
      errors.clone && !errors.clone->empty() && errors.clone->find_first_not_of("0123456789") == std::string_view::npos;
  if (digits) members.number("clone", *errors.clone);
}

}  // namespace

void append_envelope(std::string& out, const Record& record) {
  const Headers headers = record.headers();
  const ErrorHeaders errors = read_errors(headers);
  Members members(out);
  members.text("topic", record.topic());
  members.text_or_base64("key", "key_base64", record.key_bytes());
  members.text_or_base64("value", "value_base64", record.value_bytes());
  if (errors.others > 0) append_headers(members.name("headers"), headers);
  if (const auto timestamp = record.timestamp())
    members.number("timestamp_ms", std::to_string(timestamp->time_since_epoch().count()));
  append_error(members, errors);
  if (members.empty()) out += '{';
  members.end();
}

}  // namespace weir::plugins
