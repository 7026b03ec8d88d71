#include <algorithm>
#include <cstdio>

#include "cli/envelope/envelope.h"
#include "cli/spool_tools/actions.h"
#include "cli/spool_tools/words.h"
#include "record/memory_meter.h"
#include "spool/spool.h"

namespace weir::host::cli {
namespace {

/// Prints records as envelopes.
class Printer {
 public:
  explicit Printer(bool positions) : positions_(positions) {}

  void print(const spool::SpooledRecord& spooled) {
    Origin* origin = slice_.origins()->open(Origin::kNoPartition, kNullBytes, 0);
    Record* record = slice_.append(*origin);
    fill(*record, *spooled.record);
    std::string line = envelope(*record, {});
    if (positions_) line.insert(1, position_of(spooled.sequence) + (line.size() > 2 ? "," : ""));
    std::puts(line.c_str());
    slice_.recycle();
    ++printed_;
  }
  [[nodiscard]] std::uint64_t printed() const { return printed_; }

 private:
  static void fill(Record& record, const spool::StoredRecord& stored) {
    record.timestamp_ms = stored.timestamp_ms;
    record.topic = stored.topic;
    record.set_slot(WEIR_KEY, stored.key);
    record.set_slot(WEIR_VALUE, stored.value);
    record.headers = {stored.headers.data(), static_cast<std::uint32_t>(stored.headers.size())};
  }

  static std::string position_of(spool::Sequence sequence) {
    return R"("position":{"partition":")" + std::string(spool::kPartition) + R"(","offset":")" +
           std::to_string(sequence) + R"("})";
  }

  const bool positions_;
  std::uint64_t printed_ = 0;
  MemoryMeter memory_{1 << 20};
  SliceHome home_{&memory_, nullptr, nullptr};
  Slice slice_{home_};
};

/// Records that should be there from `from` on.
std::uint64_t records_from(const SpoolLook& look, spool::Sequence from) {
  std::uint64_t records = 0;
  for (const spool::SegmentSummary& segment : look.segments)
    records += segment.end > from ? segment.end - std::max(segment.first, from) : 0;
  return records;
}

}  // namespace

int spool_print(const SpoolLook& look, SpoolRange range, bool positions) {
  const std::uint64_t wanted = std::min(range.count, records_from(look, range.from));
  if (wanted == 0) return kExitDone;
  Printer printer(positions);
  // A worker that writes meanwhile makes more of them: those are not looked for.
  const Status read =
      look.inspector->read({.from = range.from, .end = look.end()}, [&](const spool::SpooledRecord& record) {
        printer.print(record);
        return printer.printed() < range.count;
      });
  if (!read.ok()) return complain(read.message(), read.code() == WEIR_E_CONFIG ? kExitUsage : kExitFailed);
  if (printer.printed() >= wanted) return kExitDone;
  return complain(count_text(wanted - printer.printed()) +
                      " records are damaged, or went meanwhile; `weir spool verify` names damaged places",
                  kExitFailed);
}

}  // namespace weir::host::cli
