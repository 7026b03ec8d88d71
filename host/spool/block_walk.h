#pragma once
#include <optional>

#include "spool/format.h"
#include "spool/window.h"

namespace weir::host::spool {

/// Walks over the blocks of a segment, from one whole header to the next; what does not lead on is damage. One thread.
class BlockWalk {
 public:
  /// What stands at some place: a block whose header is whole, or bytes that are none.
  struct Piece {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::optional<BlockHeader> header;  // nothing: damage, up to the next whole header or the limit
    std::string_view bytes;             // payload and trailer, where asked for; valid until the next call
  };

  /// `file` outlives the walk. `ahead`: bytes it may read ahead.
  BlockWalk(File& file, std::uint32_t salt, std::size_t ahead = FileWindow::kAhead) : salt_(salt), window_(ahead) {
    window_.reset(&file);
  }

  /// The piece at `offset`; nothing: the limit is reached. A block must hold records from `least` on, and its header says a size
  /// within the limit. `with_bytes`: its payload too. Errors are errno.
  [[nodiscard]] int at(std::uint64_t offset, std::uint64_t limit, Sequence least, bool with_bytes,
                       std::optional<Piece>& piece);
  /// What was read may have changed meanwhile.
  void forget() { window_.forget(); }
  [[nodiscard]] std::uint32_t salt() const { return salt_; }

 private:
  [[nodiscard]] int header_at(std::uint64_t offset, std::uint64_t limit, Sequence least,
                              std::optional<BlockHeader>& header);
  [[nodiscard]] int next_header(std::uint64_t from, std::uint64_t limit, Sequence least, std::uint64_t& found);

  std::uint32_t salt_;
  FileWindow window_;
};

}  // namespace weir::host::spool
