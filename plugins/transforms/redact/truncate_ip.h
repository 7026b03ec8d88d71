#pragma once
#include "text_action.h"

namespace weir::plugins {

/// Leaves the network of an address: the first 24 bits of IPv4, the first 48 of IPv6, written as RFC 5952 says. A zone, a port, blanks, IPv4
/// inside IPv6 and anything else that is no plain address is refused: passing it on could pass on a person.
class TruncateIp final : public TextAction {
 public:
  Refusal apply(std::string_view text, std::string& out) override;
  [[nodiscard]] bool writes_plain() const override { return true; }
};

}  // namespace weir::plugins
