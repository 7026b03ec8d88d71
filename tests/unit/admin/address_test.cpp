#include "admin/address.h"

#include <catch2/catch.hpp>

using namespace weir::host;
using namespace weir::host::admin;

TEST_CASE("an address is a port, or a host and a port") {
  const auto [text, meant, loopback] = GENERATE(table<std::string, std::string, bool>({
      {"9600", "127.0.0.1:9600", true},
      {"0", "127.0.0.1:0", true},
      {"127.0.0.1:1", "127.0.0.1:1", true},
      {"127.9.9.9:1", "127.9.9.9:1", true},
      {"localhost:65535", "127.0.0.1:65535", true},
      {"[::1]:9600", "[::1]:9600", true},
      {"0.0.0.0:9600", "0.0.0.0:9600", false},
      {"[::]:9600", "[::]:9600", false},
      {"10.1.2.3:80", "10.1.2.3:80", false},
  }));
  const Result<Address> address = parse_address(text);
  REQUIRE(address.ok());
  CHECK((*address).text() == meant);
  CHECK((*address).is_loopback() == loopback);
}

TEST_CASE("what is no address is said") {
  const auto* text = GENERATE("[::%92121112112120]:1021", "[fe80::1%eth0]:9600", "", ":", "host", "127.0.0.1",
                              "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1: 1", "1:2:3",
                              "example.com:80", "[::1]", "[::1]9600", "[::1:9600", "9600 ", "+1", "0x10:1");
  const Result<Address> address = parse_address(text);
  CHECK_FALSE(address.ok());
  CHECK(address.status().code() == WEIR_E_CONFIG);
}

TEST_CASE("addresses and localhost are this machine, names are not") {
  for (const char* host : {"localhost", "localhost:80", "127.0.0.1", "10.0.0.1:9600", "[::1]", "[::1]:80", "::1"}) {
    CHECK(is_local_host(host));
  }
  for (const char* host : {"example.com", "localhost.example.com:80", "127.0.0.1.example.com", "local", "[::1"}) {
    CHECK_FALSE(is_local_host(host));
  }
}
