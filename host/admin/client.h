#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "admin/address.h"
#include "errors/status.h"

namespace weir::host::admin {

struct Fetched {
  unsigned status = 0;
  std::string body;          // what was not handed on
  std::uint64_t missed = 0;  // of a stream: what its trailer says
};

/// GET. Not OK: nobody answered, or not in time. The body is at most 64 MiB.
[[nodiscard]] Result<Fetched> fetch(const Address& address, const std::string& target,
                                    std::chrono::milliseconds timeout);

/// GET of a stream that may be silent for any time; a status other than 200 comes as from fetch(). Its bytes go to `take` as they
/// come, until that returns false.
[[nodiscard]] Result<Fetched> fetch_stream(const Address& address, const std::string& target,
                                           const std::function<bool(std::string_view)>& take);

}  // namespace weir::host::admin
