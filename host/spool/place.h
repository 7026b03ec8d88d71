#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "crypto/key_ring.h"
#include "observe/log.h"
#include "spool/files.h"

namespace weir::host::spool {

/// What the secrets of a spool are for: crypto/key_ring.h.
inline constexpr std::string_view kKeyPurpose = "weir spool";

/// Where a spool lies and what its parts share. Outlives them.
struct Place {
  FileSystem& files;
  std::string folder;
  Log log;
  std::optional<crypto::KeyRing> ring;  // nothing: new segments are plain
};

/// The key of a segment from what its header has; nothing: it is plain. E_CONFIG: no secret given opens it. E_DATA: it is damaged.
[[nodiscard]] Result<std::optional<crypto::DataKey>> key_of(std::string_view wrapped, const Place& place);

/// "cannot read '…': No space left on device"
[[nodiscard]] Status disk_error(std::string_view what, const std::string& path, int error);
/// The disk, a quota or a limit is full: waiting may help.
[[nodiscard]] bool is_full(int error);

}  // namespace weir::host::spool
