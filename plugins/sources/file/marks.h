#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fingerprint.h"

namespace weir::plugins {

/// How far a path was read: the byte after the line, and of which of the files that the path named one after the other (its generation,
/// from 1). Text: "500", "500@2".
struct Place {
  std::uint64_t offset = 0;
  std::uint32_t generation = 1;
};

/// One of the files a path named. `key` of inode 0: none came yet, or, with a later one, it was given up.
struct Seen {
  std::uint32_t generation = 1;
  FileKey key;
  Fingerprint first;
  std::optional<std::uint64_t>
      length{};  // of its contents, in bytes, when all of it was read; states before 1.2.0 do not tell
};

/// Whose positions a file's are: those of the path it was found under first.
struct Owner {
  std::string chain;
  std::uint32_t generation = 1;
  Fingerprint first;
};

// A source partition is a text. Beside the paths themselves, which hold no "//", there are:
[[nodiscard]] std::string history_partition(std::string_view path);  // "/var/log/a.log//files"
[[nodiscard]] std::string owner_partition(const FileKey& key);       // "//2049:131077"

[[nodiscard]] std::string to_text(const Place& place);
[[nodiscard]] std::string to_text(const std::vector<Seen>& history);  // newest first
[[nodiscard]] std::string to_text(const Owner& owner);
/// What parses is what was written, all else is empty.
[[nodiscard]] std::optional<Place> parse_place(std::string_view text);
[[nodiscard]] std::vector<Seen> parse_history(std::string_view text);
[[nodiscard]] std::optional<Owner> parse_owner(std::string_view text);

}  // namespace weir::plugins
