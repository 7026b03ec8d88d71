#include "events.h"

#include <array>

#include "text_writer.h"

namespace weir::plugins {
namespace {

constexpr std::uint64_t kPeople = 100'000;
constexpr std::int64_t kFirstMs = 1'760'000'000'000;  // October 2025

constexpr std::array<std::string_view, 10> kTypes = {"screen_view",           "custom_event",
                                                     "commerce_event",        "session_start",
                                                     "session_end",           "application_state_transition",
                                                     "user_attribute_change", "user_identity_change",
                                                     "push_message",          "opt_out"};
// Escapes and plain non-ASCII text side by side.
constexpr std::array<std::string_view, 8> kNames = {"Home",
                                                    "Product Detail",
                                                    "Add To Cart",
                                                    "Checkout",
                                                    R"(Search \u00e9t\u00e9)",
                                                    "Profile/Settings",
                                                    R"(Offer \"Spring\")",
                                                    "Größe wählen"};
constexpr std::array<std::string_view, 6> kCities = {"Zürich", "São Paulo", "New York",
                                                     "東京",   "Paris",     R"(K\u00f8benhavn)"};
constexpr std::array<std::string_view, 3> kPlans = {"free", "plus", "pro"};
struct Device {
  std::string_view model, system, version;
};
constexpr std::array<Device, 5> kDevices = {{{"iPhone15,3", "iOS", "17.4.1"},
                                             {"SM-S918B", "Android", "14"},
                                             {"Pixel 8 Pro", "Android", "14"},
                                             {"iPad14,1", "iPadOS", "17.3"},
                                             {"XT2301-4", "Android", "13"}}};
constexpr std::string_view kNote = "all work and no play makes a dull note, so this one goes on";

/// The output function of splitmix64 (Steele, Lea, Flood 2014): every bit of the result depends on every bit of `x`.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

template <std::size_t N>
std::string_view one_of(const std::array<std::string_view, N>& texts, std::uint64_t bits) {
  return texts[bits % N];
}

/// All that an event is made of.
struct Draw {
  Draw(std::uint64_t seed, std::uint64_t index)
      : index(index),
        a(mix(seed ^ index)),
        b(mix(a)),
        c(mix(b)),
        person(a % kPeople),
        ms(kFirstMs + static_cast<std::int64_t>(index % 1'000'000'000'000U)) {}
  std::uint64_t index;
  std::uint64_t a, b, c;
  std::uint64_t person;
  std::int64_t ms;

  [[nodiscard]] bool development() const { return (a >> 40) % 4 == 0; }
};

/// A person's id is theirs in every event: a third need all 63 bits (no double holds them), a third are negative, a third are small.
void write_mpid(TextWriter& out, std::uint64_t person) {
  const std::uint64_t bits = mix(person ^ 0x6D706964);
  if (person % 3 == 0) {
    out.number((bits >> 1) | (std::uint64_t{1} << 62));
  } else {
    out.number(person % 3 == 1 ? -static_cast<std::int64_t>(bits >> 2) : static_cast<std::int64_t>(bits >> 28));
  }
}

void write_message_id(TextWriter& out, const Draw& draw) {
  out.hex(draw.a >> 32, 8)
      .text("-")
      .hex(draw.a >> 16, 4)
      .text("-4")
      .hex(draw.a, 3)
      .text("-8")
      .hex(draw.b, 3)
      .text("-")
      .hex(draw.index, 12);
}

void write_identities(TextWriter& out, const Draw& draw) {
  out.text(R"("user_identities":{"email":"user)")
      .number(draw.person)
      .text(".")
      .hex(mix(draw.person), 4)
      .text(R"(@example.com","customerid":"C-)")
      .digits(draw.person, 8);
  out.text(R"(","phone":"+1415)").digits(mix(draw.person) >> 20, 7).text(R"("})");
}

void write_attributes(TextWriter& out, const Draw& draw) {
  out.text(R"("user_attributes":{"$age":)")
      .number(18 + draw.b % 60)
      .text(R"(,"$city":")")
      .text(one_of(kCities, draw.b >> 12));
  out.text(R"(","ssn":")")
      .digits(1 + (draw.c >> 8) % 899, 3)
      .text("-")
      .digits(1 + (draw.c >> 18) % 99, 2)
      .text("-")
      .digits(1 + (draw.c >> 25) % 9999, 4);
  out.text(R"(","plan":")")
      .text(one_of(kPlans, draw.c))
      .text(R"(","ltv":)")
      .number(draw.b % 5000)
      .text(".")
      .digits(draw.c % 10, 2)
      .text("0");
  out.text(R"(,"tags":["a)")
      .number(draw.person % 7)
      .text(R"(","b/)")
      .number(draw.person % 11)
      .text(R"("],"opted_in":)")
      .flag((draw.b & 1) != 0)
      .text(R"(,"nick":null})");
}

void write_device(TextWriter& out, const Draw& draw) {
  const Device& device = kDevices[(draw.c >> 3) % kDevices.size()];
  out.text(R"("device_info":{"model":")")
      .text(device.model)
      .text(R"(","os":")")
      .text(device.system)
      .text(R"(","os_version":")")
      .text(device.version);
  out.text(R"(","ram_mb":)")
      .number(std::uint64_t{1024} << (draw.b & 3))
      .text(R"(,"idfa":")")
      .hex(draw.b >> 32, 8)
      .text("-")
      .hex(draw.b >> 16, 4)
      .text("-")
      .hex(draw.b, 4);
  out.text("-")
      .hex(draw.c >> 48, 4)
      .text("-")
      .hex(draw.c, 12)
      .text(R"(","locale":"en_US","screen":{"w":1179,"h":2556,"dpi":3.0}})");
}

/// One in eight is IPv6, from the range for documentation.
void write_ip(TextWriter& out, const Draw& draw) {
  out.text(R"("ip":")");
  if (draw.c % 8 == 0) {
    out.text("2001:db8:")
        .hex(draw.c >> 16, 4)
        .text(":")
        .hex(draw.c >> 32, 4)
        .text("::")
        .hex(1 + (draw.c >> 48) % 4095, 4);
  } else {
    out.number(11 + (draw.c >> 40) % 180)
        .text(".")
        .number((draw.c >> 16) & 255)
        .text(".")
        .number((draw.c >> 24) & 255)
        .text(".")
        .number(1 + (draw.c >> 32) % 254);
  }
  out.text(R"(")");
}

void write_custom_attributes(TextWriter& out, const Draw& draw, std::uint64_t bits) {
  out.text(R"("custom_attributes":{"price":)")
      .number(bits % 900)
      .text(".")
      .digits(bits >> 10, 2)
      .text(R"(,"qty":)")
      .number(1 + (bits >> 17) % 9);
  out.text(R"(,"sku":"SKU-)")
      .digits(bits >> 20, 6)
      .text(R"(","coupon":"","url":"https://shop.example.com/p/)")
      .number((bits >> 40) % 99'999)
      .text("?ref=mail&x=")
      .hex(draw.a, 6);
  out.text(R"(","score":1.0e-3,"note":"line1\nline2 \u2713 )").text(kNote.substr(0, bits % kNote.size())).text(R"("})");
}

void write_consent(TextWriter& out, const Draw& draw) {
  const std::int64_t yesterday = draw.ms - 86'400'000;
  out.text(R"("consent_state":{"gdpr":{"analytics":{"consented":true,"timestamp_unixtime_ms":)")
      .number(yesterday)
      .text(R"(,"document":"gdpr_v)")
      .number(1 + draw.b % 4);
  out.text(R"("},"ads":{"consented":)")
      .flag((draw.c & 1) != 0)
      .text(R"(,"timestamp_unixtime_ms":)")
      .number(yesterday)
      .text("}}}");
}

void write_batch_event(TextWriter& out, const Draw& draw, std::uint64_t number) {
  const std::uint64_t bits = mix(draw.c + number);
  out.text(R"({"data":{"event_name":")").text(one_of(kNames, bits >> 50)).text(R"(",)");
  write_custom_attributes(out, draw, bits);
  out.text(R"(,"timestamp_unixtime_ms":)")
      .number(draw.ms + static_cast<std::int64_t>(number))
      .text(R"(,"event_id":)")
      .number(static_cast<std::int64_t>(bits));
  out.text(R"(,"source_message_id":")")
      .hex(bits, 16)
      .text(R"(","session_id":)")
      .number(12'000'000 + draw.person)
      .text(R"(},"event_type":")")
      .text(one_of(kTypes, bits >> 56))
      .text(R"("})");
}

}  // namespace

Events::Events(std::uint64_t seed) : seed_(mix(seed)) {}

std::string_view Events::event(std::uint64_t index, char* memory) const {
  const Draw draw(seed_, index);
  TextWriter out(memory);
  out.text(R"({"message_id":")");
  write_message_id(out, draw);
  out.text(R"(","mpid":)");
  write_mpid(out, draw.person);
  const std::uint64_t kind = (draw.a >> 20) % 256;  // two in five are screen views, as in life
  out.text(R"(,"event_type":")")
      .text(kind < 102 ? kTypes[0] : kTypes[1 + kind % 9])
      .text(R"(","event_name":")")
      .text(one_of(kNames, draw.b >> 8));
  out.text(R"(","environment":")")
      .text(draw.development() ? "development" : "production")
      .text(R"(","timestamp_ms":)")
      .number(draw.ms)
      .text(",");
  write_identities(out, draw);
  out.text(",");
  write_attributes(out, draw);
  out.text(",");
  write_device(out, draw);
  out.text(",");
  write_ip(out, draw);
  out.text(",");
  write_custom_attributes(out, draw, draw.c);
  out.text(",");
  write_consent(out, draw);
  out.text(R"(,"schema_version":2,"source_request_id":")").hex(draw.b, 16).hex(draw.c, 16).text(R"("})");
  return out.written();
}

std::string_view Events::batch(std::uint64_t index, char* memory) const {
  const Draw draw(seed_, index);
  TextWriter out(memory);
  out.text(R"({"environment":")").text(draw.development() ? "development" : "production").text(R"(","events":[)");
  const std::uint64_t events = 1 + (draw.a >> 45) % 5;
  for (std::uint64_t i = 0; i < events; ++i) {
    if (i > 0) out.text(",");
    write_batch_event(out, draw, i);
  }
  out.text(R"(],"source_request_id":")");
  write_message_id(out, draw);
  out.text(R"(","mpid":")");  // mParticle's clients send it as text
  write_mpid(out, draw.person);
  out.text(R"(",)");
  write_ip(out, draw);
  out.text(",");
  write_identities(out, draw);
  out.text(",");
  write_attributes(out, draw);
  out.text(",");
  write_device(out, draw);
  out.text(R"(,"application_info":{"application_name":"Shop","application_version":"1.)")
      .number(draw.b % 10)
      .text(R"("},)");
  write_consent(out, draw);
  out.text(R"(,"schema_version":2})");
  return out.written();
}

}  // namespace weir::plugins
