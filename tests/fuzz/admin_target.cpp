// Any bytes as a request's target, as a Host header and as an address: nothing crashes, and what is read is read again the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "admin/address.h"
#include "admin/request.h"

using namespace weir::host::admin;

namespace {

std::string target_of(const Request& request) {
  std::string target;
  for (const std::string& segment : request.path) target += "/" + percent_encode(segment);
  if (request.path.empty() || request.path.back().empty()) target += "/";
  char before = '?';
  for (const auto& [name, value] : request.query) {
    target += before + percent_encode(name) + "=" + percent_encode(value);
    before = '&';
  }
  return target;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto request = parse_target(text)) {
    const auto again = parse_target(target_of(*request));
    if (!again || again->path != request->path || again->query != request->query) std::abort();
  }
  const auto address = parse_address(text);
  if (address.ok()) {
    const auto again = parse_address((*address).text());
    if (!again.ok() || (*again).text() != (*address).text()) std::abort();
    if (!is_local_host((*address).text())) std::abort();
  }
  (void)is_local_host(text);
  return 0;
}
