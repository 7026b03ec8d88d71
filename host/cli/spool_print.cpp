#include <algorithm>
#include <cstdio>

#include "cli/envelope.h"
#include "cli/spool_actions.h"
#include "record/memory_meter.h"
#include "record/slice.h"
#include "spool/record_codec.h"
#include "spool/spool.h"

namespace weir::host::cli {
namespace {

/// Prints the records of packed blocks that lie in a range.
class Printer {
 public:
  Printer(SpoolRange range, bool positions) : range_(range), positions_(positions) {}

  [[nodiscard]] bool wants_more() const { return range_.count > 0; }

  void print(const spool::BlockHeader& header, std::string_view packed) {
    for (spool::Sequence sequence = header.first; sequence < header.end() && wants_more(); ++sequence) {
      const std::size_t size = spool::encoded_size(packed);
      if (size == 0) return;
      if (sequence >= range_.from) print(sequence, packed.substr(0, size));
      packed.remove_prefix(size);
    }
  }

 private:
  void print(spool::Sequence sequence, std::string_view encoded) {
    Origin* origin = slice_.origins()->open(Origin::kNoPartition, kNullBytes, 0);
    Record* record = slice_.append(*origin);
    spool::decode_record(encoded, *record);
    std::string line = envelope(*record, {});
    if (positions_) line.insert(1, position_of(sequence) + (line.size() > 2 ? "," : ""));
    std::puts(line.c_str());
    slice_.recycle();
    --range_.count;
  }

  static std::string position_of(spool::Sequence sequence) {
    return R"("position":{"partition":")" + std::string(spool::kPartition) + R"(","offset":")" +
           std::to_string(sequence) + R"("})";
  }

  SpoolRange range_;
  const bool positions_;
  MemoryMeter memory_{64 << 20};
  SliceHome home_{&memory_, nullptr, nullptr};
  Slice slice_{home_};
};

}  // namespace

int spool_print(const SpoolContents& contents, SpoolRange range, bool positions) {
  Printer printer(range, positions);
  std::uint64_t unreadable = 0;
  for (const SpoolSegment& segment : contents.segments()) {
    if (segment.header && segment.end <= range.from) continue;
    if (!printer.wants_more()) break;
    const Status walked = contents.walk(segment, SpoolContents::Depth::records, [&](const SpoolPiece& piece) {
      const bool is_before = piece.header && piece.header->end() <= range.from;
      unreadable += piece.state == SpoolPiece::State::damaged && !is_before;
      if (piece.state == SpoolPiece::State::whole) printer.print(*piece.header, piece.records);
      return printer.wants_more();
    });
    if (!walked.ok()) return complain(walked.message(), kExitFailed);
  }
  if (unreadable == 0) return kExitDone;
  return complain(std::to_string(unreadable) + " damaged places were left out; `weir spool verify` names them",
                  kExitFailed);
}

}  // namespace weir::host::cli
