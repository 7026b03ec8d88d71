#pragma once
#include <deque>
#include <mutex>

#include "spool/format.h"

namespace weir::host::spool {

/// How far what the source gave has settled. What the source never gives, because it expired, is damaged or never was, settles with
/// what is before it. Thread-safe.
class Progress {
 public:
  /// Everything up to `delivered` is settled.
  void begin(Sequence delivered);
  /// The source gives no records from `first` to before `end`. In order of the sequence.
  void skip(Sequence first, Sequence end);
  /// A checkpoint says that everything given up to `sequence` has settled.
  void settle(Sequence sequence);
  /// Everything up to it is settled.
  [[nodiscard]] Sequence delivered() const;
  /// The source gives, and gave, none from `first` to before `end`.
  [[nodiscard]] bool skipped(Sequence first, Sequence end) const;

 private:
  struct Range {
    Sequence first;
    Sequence end;
  };
  void absorb();

  mutable std::mutex mutex_;
  Sequence delivered_ = 0;
  std::deque<Range> skipped_;  // in order, beyond delivered_, with records between them
};

}  // namespace weir::host::spool
