#pragma once
#include <atomic>
#include <cstdint>
#include <memory>

#include "pipeline/ledger.h"

namespace weir::host::cli::chaos {

/// What the command and its worker, two processes, tell each other. In memory that both have.
struct SharedPage {
  /// What a message counts beside its value, so that null ones count too.
  static constexpr std::uint64_t kMessageBytes = 64;

  // Of the values of messages, in bytes. The throw-away broker forgets what is not read in time, so the worker does not run further ahead.
  std::atomic<std::uint64_t> put{0};   // to sinks: by the worker
  std::atomic<std::uint64_t> read{0};  // back from the broker: by the command

  // Set by the command.
  double rate = 0;  // records a second that the source gives at most; 0: no limit. Before the worker starts
  std::atomic<bool> hold{false};  // it gives nothing now

  // Set by the worker before it ends.
  Ledger books;

  static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
};

struct UnmapPage {
  void operator()(SharedPage* page) const;
};
using SharedPagePtr = std::unique_ptr<SharedPage, UnmapPage>;

/// Shared with every process that is forked from here on. Throws std::bad_alloc.
[[nodiscard]] SharedPagePtr make_shared_page();

}  // namespace weir::host::cli::chaos
