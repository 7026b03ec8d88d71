#include "admin/address.h"

#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <optional>

namespace weir::host::admin {
namespace {

namespace ip = boost::asio::ip;

struct Parts {
  std::string_view host;  // without brackets
  std::string_view port;  // empty: none
};

Parts split(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return {text, {}};
    const std::string_view rest = text.substr(end + 1);
    return {text.substr(1, end - 1), rest.starts_with(':') ? rest.substr(1) : std::string_view()};
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

/// Not with a zone ("fe80::1%eth0"): numbers of zones are read beyond their range, and become others.
std::optional<ip::address> ip_of(std::string_view host) {
  if (host.find('%') != std::string_view::npos) return std::nullopt;
  boost::system::error_code error;
  const ip::address address = ip::make_address(std::string(host), error);
  if (error) return std::nullopt;
  return address;
}

}  // namespace

std::string Address::text() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool Address::is_loopback() const {
  const auto address = ip_of(host);
  return address && address->is_loopback();
}

Result<Address> parse_address(std::string_view text) {
  if (const auto port = port_of(text)) return Address{"127.0.0.1", *port};
  const Parts parts = split(text);
  const auto port = port_of(parts.port);
  const auto host = ip_of(parts.host == "localhost" ? "127.0.0.1" : parts.host);
  if (!port || !host) {
    return Status::config("\"" + std::string(text) +
                          "\" is no address: it is PORT or HOST:PORT, such as 127.0.0.1:9600 or [::1]:9600, HOST an IP "
                          "address or localhost.");
  }
  return Address{host->to_string(), *port};
}

bool is_local_host(std::string_view header) {
  if (ip_of(header)) return true;  // also IPv6 without brackets
  const std::string_view host = split(header).host;
  return host == "localhost" || ip_of(host).has_value();
}

}  // namespace weir::host::admin
