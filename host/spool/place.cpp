#include "spool/place.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace weir::host::spool {

Result<std::optional<crypto::DataKey>> key_of(std::string_view wrapped, const Place& place) {
  if (wrapped.empty()) return std::optional<crypto::DataKey>();
  if (!place.ring)
    return Status::config("the spool '" + place.folder + "' is encrypted; give it the secret with encryption_secret");
  crypto::WrappedKey key;
  if (wrapped.size() != key.size()) return Status::data("a segment's key has a size it cannot have");
  std::copy(wrapped.begin(), wrapped.end(), key.begin());
  Result<crypto::DataKey> opened = unwrap(*place.ring, key);
  if (!opened) return Status(opened.status().code(), "the spool '" + place.folder + "': " + opened.status().message());
  return std::optional<crypto::DataKey>(*std::move(opened));
}

Status disk_error(std::string_view what, const std::string& path, int error) {
  return Status::fatal(std::string(what) + " '" + path + "': " + std::generic_category().message(error));
}

bool is_full(int error) { return error == ENOSPC || error == EDQUOT; }

}  // namespace weir::host::spool
