#pragma once
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "lines/line_reader.h"
#include "raw_file.h"
#include "unpacking/unpacker.h"

namespace weir::plugins {

/// What a file holds, read forward: its bytes, or what they decompress to where the name ends with .gz or .zst. Offsets count bytes of
/// the contents. One thread.
class Contents final : public ByteSource {
 public:
  /// FatalError as RawFile. `grows`: its end is not the end.
  Contents(const std::string& path, bool grows);

  /// The next read begins there. Decompresses up to there if it has to. FatalError: the contents are shorter.
  void seek(std::uint64_t offset);
  /// Whether the contents are so long, at least. Decompresses up to there if it has to. FatalError: it is damaged.
  [[nodiscard]] bool reaches(std::uint64_t offset);
  /// Goes to the end and says where that is. FatalError: it cannot be decompressed.
  std::uint64_t seek_to_end();
  ReadResult read(std::span<char> into) override;
  /// From now on its end is the end.
  void stop_growing() { grows_ = false; }
  /// Why a read failed.
  [[nodiscard]] std::string failure(int error) const;

  [[nodiscard]] const RawFile& file() const { return file_; }
  [[nodiscard]] bool is_packed() const { return packing_ != Packing::none; }
  /// Bytes on disk that were not read. Less than 0: it was shortened.
  [[nodiscard]] std::int64_t unread() const;
  /// The first bytes, as many as there are.
  [[nodiscard]] std::string start(std::uint32_t bytes = Fingerprint::kBytes) const;
  [[nodiscard]] Fingerprint first(std::uint32_t bytes = Fingerprint::kBytes) const {
    return fingerprint_of(start(bytes));
  }
  /// A file that grows is not read beyond this byte of its contents.
  void read_only_to(std::uint64_t offset) { limit_ = offset; }

  /// Bytes before `offset` end with a line end (true at the start).
  [[nodiscard]] bool line_begins_at(std::uint64_t offset);
  /// Where to go on behind a stored offset: there, or, where the last line had no end when it was read and has got more since, at its
  /// beginning, so that it is read again, whole.
  [[nodiscard]] std::uint64_t resume_at(std::uint64_t offset);

 private:
  ReadResult read_packed(std::span<char> into);
  ReadResult seek_packed(std::uint64_t offset);
  ReadResult at_end() const;
  bool refill();
  void restart();
  std::size_t unpack_start(std::span<char> out) const;
  std::optional<char> byte_at(std::uint64_t offset);
  std::uint64_t line_start(std::uint64_t offset);

  RawFile file_;
  Packing packing_;
  bool grows_;
  std::uint64_t next_ = 0;  // of the contents
  std::uint64_t limit_ = std::numeric_limits<std::uint64_t>::max();

  // Of a packed file only:
  std::unique_ptr<Unpacker> unpacker_;
  Unpacker::State state_ = Unpacker::State::between;
  std::vector<char> raw_;        // read from disk, not yet taken
  std::size_t raw_taken_ = 0;    // of raw_
  std::uint64_t raw_next_ = 0;   // on disk
  int read_error_ = 0;           // errno, not yet told
  std::uint64_t last_line_ = 0;  // where the line that holds the byte before next_ begins, as far as seek() passed it
};

}  // namespace weir::plugins
