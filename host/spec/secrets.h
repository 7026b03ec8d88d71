#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "spec/node.h"
#include "spec/value.h"

namespace weir::host::spec {

/// The texts of a configuration that are never shown, and how to show a text that may hold them.
class Secrets {
 public:
  /// All that is marked secret, however deep. Texts of less than four bytes do not count: they would blot out half of every message.
  void add(const Value& value);
  void add(const Node& node);

  /// The text with each secret replaced by ***, also where it stands as part of a JSON string.
  [[nodiscard]] std::string masked(std::string_view text) const;

 private:
  void add_text(const std::string& text);
  void insert(std::string text);

  std::vector<std::string> texts_;  // longest first: one may hold another
};

}  // namespace weir::host::spec
