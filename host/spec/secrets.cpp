#include "spec/secrets.h"

#include <algorithm>

namespace weir::host::spec {
namespace {

constexpr std::size_t kShortest = 4;

}  // namespace

void Secrets::add(const Value& value) {
  if (value.secret) add_text(value.text);
  for (const Value& item : value.items) add(item);
  for (const auto& [name, member] : value.members) add(member);
}

void Secrets::add(const Node& node) {
  if (node.secret) add_text(node.text);
  for (const Node& item : node.items) add(item);
  for (const auto& [name, mark, member] : node.members) add(member);
}

std::string Secrets::masked(std::string_view text) const {
  constexpr std::string_view kMask = "***";
  std::string out(text);
  for (const std::string& secret : texts_) {
    for (std::size_t at = out.find(secret); at != std::string::npos; at = out.find(secret, at + kMask.size()))
      out.replace(at, secret.size(), kMask);
  }
  return out;
}

void Secrets::add_text(const std::string& text) {
  if (text.size() < kShortest) return;
  Value as_string;
  as_string.type = WEIR_STRING;
  as_string.text = text;
  const std::string json = as_string.json();
  insert(json.substr(1, json.size() - 2));
  insert(text);
}

void Secrets::insert(std::string text) {
  const auto shorter = [&](const std::string& other) { return other.size() < text.size(); };
  const auto place = std::find_if(texts_.begin(), texts_.end(), shorter);
  if (std::find(texts_.begin(), place, text) == place) texts_.insert(place, std::move(text));
}

}  // namespace weir::host::spec
