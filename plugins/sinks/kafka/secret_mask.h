#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace weir::kafka {

/// Whether a property of librdkafka holds what must not be seen, such as sasl.password.
[[nodiscard]] bool is_secret_property(std::string_view name);

/// Takes secrets out of texts that the client library wrote. Used by any thread once all secrets are added.
class SecretMask {
 public:
  /// Nothing for an empty one. Each line of a secret of several lines is one of its own.
  void add(std::string_view secret);
  /// The text with *** in place of every secret.
  [[nodiscard]] std::string mask(std::string_view text) const;

 private:
  std::vector<std::string> secrets_;  // longest first
};

}  // namespace weir::kafka
