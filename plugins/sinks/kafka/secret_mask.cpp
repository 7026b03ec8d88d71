#include "secret_mask.h"

#include <algorithm>
#include <array>

namespace weir::kafka {

bool is_secret_property(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kParts{
      "password", "passphrase", "secret", "key.pem", "private.key", "ssl_key", "oauthbearer.config"};
  return std::any_of(kParts.begin(), kParts.end(),
                     [&](std::string_view part) { return name.find(part) != std::string_view::npos; });
}

void SecretMask::add(std::string_view secret) {
  while (!secret.empty()) {
    const std::string_view line = secret.substr(0, secret.find('\n'));
    if (!line.empty()) secrets_.emplace_back(line);
    secret.remove_prefix(std::min(line.size() + 1, secret.size()));
  }
  std::stable_sort(secrets_.begin(), secrets_.end(),
                   [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

std::string SecretMask::mask(std::string_view text) const {
  std::string masked;
  while (!text.empty()) {
    const auto secret = std::find_if(secrets_.begin(), secrets_.end(),
                                     [&](const std::string& candidate) { return text.starts_with(candidate); });
    if (secret == secrets_.end()) {
      masked += text.front();
      text.remove_prefix(1);
    } else {
      masked += "***";
      text.remove_prefix(secret->size());
    }
  }
  return masked;
}

}  // namespace weir::kafka
