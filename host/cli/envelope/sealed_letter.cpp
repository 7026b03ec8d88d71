#include "cli/envelope/sealed_letter.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "cli/envelope/base64.h"

namespace weir::host::cli {
namespace {

using Json = nlohmann::json;
using Binary = Json::binary_t;

constexpr std::string_view kPurpose = "weir dead letter";
constexpr int kVersion = 1;

// What is in the box: a CBOR map (RFC 8949) of "key", "value", "topic" (byte strings, absent for null), "headers" (a list of pairs of
// byte strings, the second one may be null) and "timestamp_ms".

Json binary(Bytes bytes) {
  const std::string_view text = view(bytes);
  return Json::binary(Binary::container_type(text.begin(), text.end()));
}

std::string content_of(const Record& record, Bytes topic) {
  Json content = Json::object();
  const auto add = [&](const char* name, Bytes bytes) {
    if (!is_null(bytes)) content[name] = binary(bytes);
  };
  add("key", record.original[WEIR_KEY]);
  add("value", record.original[WEIR_VALUE]);
  add("topic", topic);
  for (const Header& header : record.original_headers.all()) {
    content["headers"].push_back(
        Json::array({binary(header.name), is_null(header.value) ? Json(nullptr) : binary(header.value)}));
  }
  if (record.timestamp_ms >= 0) content["timestamp_ms"] = record.timestamp_ms;
  std::string bytes;
  Json::to_cbor(content, nlohmann::detail::output_adapter<char>(bytes));
  return bytes;
}

/// Throws Json::exception: it is something else.
LetterRecord::Bytes bytes_in(const Json& value) {
  if (value.is_null()) return std::nullopt;
  const Binary& bytes = value.get_binary();
  return std::string(bytes.begin(), bytes.end());
}

LetterRecord record_in(const Json& content) {
  LetterRecord record;
  const auto get = [&](const char* name) { return bytes_in(content.value(name, Json(nullptr))); };
  record.key = get("key");
  record.value = get("value");
  record.topic = get("topic");
  for (const Json& header : content.value("headers", Json::array()))
    record.headers.emplace_back(bytes_in(header.at(0)).value_or(""), bytes_in(header.at(1)));
  record.timestamp_ms = content.value("timestamp_ms", std::int64_t{-1});
  return record;
}

/// The parts of a sealed letter, in bytes.
struct Parts {
  crypto::WrappedKey key{};
  std::string nonce;
  std::string box;
};

/// Throws Json::exception: it is something else.
Result<Parts> parts_of(std::string_view sealed) {
  const Json text = Json::parse(sealed);
  const Json& members = text.at("weir_encrypted");
  const Json& version = members.at("v");
  if (!version.is_number_integer()) return Status::data("it is damaged");
  if (version != kVersion)
    return Status::data("it is encrypted in a way that this release does not know (v " + version.dump() + ")");
  const auto bytes = [&](const char* name) { return from_base64(members.at(name).get_ref<const std::string&>()); };
  const auto key = bytes("key");
  auto nonce = bytes("nonce");
  auto box = bytes("box");
  if (!key || key->size() != crypto::kWrappedBytes || !nonce || !box) return Status::data("it is damaged");
  Parts parts;
  std::copy(key->begin(), key->end(), parts.key.begin());
  parts.nonce = *std::move(nonce);
  parts.box = *std::move(box);
  return parts;
}

std::string_view text_of(const crypto::WrappedKey& key) { return {key.data(), key.size()}; }

Result<LetterRecord> open(const crypto::KeyRing& keys, Parts parts) {
  const auto key = crypto::unwrap(keys, parts.key);
  if (!key) return key.status();
  if (parts.box.size() < crypto::kBoxOverhead) return Status::data("it is damaged");
  const std::span<char> plain(parts.box.data(), parts.box.size() - crypto::kBoxOverhead);
  if (!crypto::open(*key, parts.nonce, text_of(parts.key), parts.box, plain)) return Status::data("it is damaged");
  return record_in(Json::from_cbor(plain.begin(), plain.end()));
}

class Seal final : public LetterSeal {
 public:
  explicit Seal(const crypto::KeyRing& keys) : keys_(crypto::new_data_key(keys)) {
    head_ = R"({"weir_encrypted":{"v":)" + std::to_string(kVersion) + R"(,"key_id":")" +
            crypto::to_text(keys.newest()) + R"(","key":")" + base64(text_of(keys_.second)) + R"(","nonce":")";
  }

  std::string seal(const Record& record, Bytes topic) override {
    std::string box = content_of(record, topic);
    const std::size_t size = box.size();
    box.resize(size + crypto::kBoxOverhead);
    std::array<char, crypto::kNonceBytes> nonce{};
    crypto::fill_with_random(nonce);
    const std::string_view nonce_text(nonce.data(), nonce.size());
    crypto::seal(keys_.first, nonce_text, text_of(keys_.second), std::string_view(box).substr(0, size), box);
    std::string text = head_;
    text.append(base64(nonce_text)).append(R"(","box":")").append(base64(box)).append(R"("}})");
    return text;
  }

 private:
  const std::pair<crypto::DataKey, crypto::WrappedKey> keys_;
  std::string head_;  // all that comes before the nonce
};

}  // namespace

Result<crypto::KeyRing> letter_keys(std::string_view secrets) { return crypto::KeyRing::from(secrets, kPurpose); }

std::unique_ptr<LetterSeal> make_letter_seal(const crypto::KeyRing& keys) { return std::make_unique<Seal>(keys); }

Result<LetterRecord> open_letter(const crypto::KeyRing& keys, std::string_view sealed) {
  try {
    auto parts = parts_of(sealed);
    if (!parts) return parts.status();
    return open(keys, *std::move(parts));
  } catch (const Json::exception&) {  // its text may hold payload
    return Status::data("it is damaged");
  }
}

}  // namespace weir::host::cli
