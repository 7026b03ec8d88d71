#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::plugins {

/// The same in every run and build: it is stored, and tasks are chosen by it.
[[nodiscard]] constexpr std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

/// What a file's contents begin with, in short: tells files apart that got the same inode one after the other, and finds a file again
/// that was copied or compressed. Of no bytes it fits every file.
struct Fingerprint {
  static constexpr std::uint32_t kBytes = 1024;  // at most so many are looked at
  static constexpr std::uint32_t kTelling = 16;  // fewer do not tell files apart

  std::uint32_t bytes = 0;
  std::uint64_t hash = fnv1a({});

  [[nodiscard]] bool tells() const { return bytes >= kTelling; }
  bool operator==(const Fingerprint&) const = default;
};

[[nodiscard]] Fingerprint fingerprint_of(std::string_view start);
/// Whether contents that begin with `start` begin so.
[[nodiscard]] bool begins_with(std::string_view start, const Fingerprint& first);

/// Which file it is as the system names it.
struct FileKey {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;  // 0: no file

  auto operator<=>(const FileKey&) const = default;
};

/// "2049:131077", "1024:9f3a…"; what parses is what was written, all else is empty.
[[nodiscard]] std::string to_text(const FileKey& key);
[[nodiscard]] std::string to_text(const Fingerprint& first);
[[nodiscard]] std::optional<FileKey> parse_key(std::string_view text);
[[nodiscard]] std::optional<Fingerprint> parse_fingerprint(std::string_view text);

}  // namespace weir::plugins
