#include "by_hand.h"

#include <simdjson.h>

#include <cstring>

namespace weir::bench {
namespace {

using Field = std::string_view;

Field inside(Field token) { return token.substr(1, token.rfind('"') - 1); }

template <typename Object, typename Take>
void each_member(Object&& object, Take&& take) {
  for (auto field : object) {
    const char* key = field.key().value_unsafe().raw();
    take(Field(key, static_cast<std::size_t>(std::strchr(key, '"') - key)), field.value());
  }
}

/// The member's first byte to the comma behind it.
Field whole_member(Field name, Field text) {
  const char* start = name.data() - 1;
  return {start, static_cast<std::size_t>(text.data() + text.size() + 2 - start)};
}

template <typename Value>
Field text_of(Value&& value) {
  return inside(value.raw_json_token().value_unsafe());
}

template <typename Value>
Field number_of(Value&& value) {
  const Field token = value.raw_json_token().value_unsafe();
  return token.substr(0, token.find_last_of("0123456789") + 1);
}

/// /24 of IPv4; /48 of the IPv6 addresses the generator writes.
void append_truncated(std::string& out, Field ip) {
  if (ip.find(':') == Field::npos) {
    out.append(ip.substr(0, ip.rfind('.') + 1)).append("0");
    return;
  }
  const std::size_t third = ip.find(':', ip.find(':') + 1) + 1;
  const Field group = ip.substr(third, ip.find(':', third) - third);
  out.append(ip.substr(0, third));
  if (group != "0") out.append(group).append(":");
  out.append(":");
}

}  // namespace

struct ByHand::Parser {
  simdjson::ondemand::parser on_demand;
};
static_assert(ByHand::kPadding >= simdjson::SIMDJSON_PADDING);

ByHand::ByHand() : parser_(std::make_unique<Parser>()) {}
ByHand::~ByHand() = default;

ByHand::Event ByHand::find(std::string_view line, std::size_t room) {
  Event event;
  auto document = parser_->on_demand.iterate(line.data(), line.size(), room);
  each_member(document.get_object().value(), [&](Field key, auto value) {
    if (key == "mpid") {
      event.mpid = number_of(value);
    } else if (key == "event_type") {
      event.type = text_of(value);
    } else if (key == "environment") {
      event.environment = text_of(value);
    } else if (key == "ip") {
      event.ip = text_of(value);
    } else if (key == "user_identities") {
      each_member(value.get_object().value_unsafe(), [&](Field name, auto identity) {
        if (name == "email") event.email = text_of(identity);
      });
    } else if (key == "user_attributes") {
      each_member(value.get_object().value_unsafe(), [&](Field name, auto attribute) {
        if (name == "ssn") event.ssn = whole_member(name, text_of(attribute));
      });
    }
  });
  return event;
}

/// The fields come in this order in every event.
std::string_view ByHand::redact(std::string_view line, const Event& event) {
  out_.clear();
  const char* at = line.data();
  const auto copy_until = [&](const char* end) { out_.append(at, static_cast<std::size_t>(end - at)); };
  copy_until(event.email.data());
  out_.resize(out_.size() + Pseudonyms::kDigits);
  pseudonyms_.write(out_.data() + out_.size() - Pseudonyms::kDigits, event.email);
  at = event.email.data() + event.email.size();
  copy_until(event.ssn.data());
  at = event.ssn.data() + event.ssn.size();
  copy_until(event.ip.data());
  append_truncated(out_, event.ip);
  at = event.ip.data() + event.ip.size();
  copy_until(line.data() + line.size());
  return out_;
}

}  // namespace weir::bench
