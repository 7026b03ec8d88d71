#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "errors/status.h"

namespace weir::host::admin {

/// Where a server listens.
struct Address {
  std::string host = "127.0.0.1";  // an IP address
  std::uint16_t port = 0;          // 0: any that is free

  /// "127.0.0.1:9600", "[::1]:9600".
  [[nodiscard]] std::string text() const;
  /// Only this machine gets there.
  [[nodiscard]] bool is_loopback() const;
};

/// `PORT` (loopback), `HOST:PORT` or `[HOST]:PORT`; HOST: an IP address or `localhost`. Names are not looked up.
[[nodiscard]] Result<Address> parse_address(std::string_view text);

/// Whether a request's Host header names this machine by address or as localhost: with another name the page of a stranger asks, through
/// a browser and a name that it pointed here (DNS rebinding).
[[nodiscard]] bool is_local_host(std::string_view header);

}  // namespace weir::host::admin
