#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace weir::host {

class Tap;

/// Which part of a pipeline a task works for. Without a spool it is the whole; with one, the first leg takes records from the source
/// into the spool, the second from there to the sink.
enum class LegKind { whole, ingest, drain };

/// What the tasks of a pipeline go by (design section 7), without what its components are. Plain values; the command line fills
/// them from the configuration.
struct PipelineSettings {
  using Milliseconds = std::chrono::milliseconds;

  std::string name;
  LegKind leg = LegKind::whole;
  std::uint32_t tasks = 1;
  std::uint64_t memory = 64u << 20;   // bytes, shared out evenly among the tasks
  bool tolerate_bad_records = false;  // tolerance: all
  bool privacy = false;               // some transform protects people: dead letters carry no payload, key or headers
  bool source_resumable = false;      // WEIR_RESUMABLE: what is in flight at the end will be read again
  Milliseconds retry_timeout{300'000};
  Milliseconds retry_delay_max{60'000};
  Milliseconds offsets_interval{250};
  Milliseconds shutdown_timeout{10'000};
  std::shared_ptr<Tap> tap;              // shared with whoever reads from it; null: nobody will
  std::function<std::int64_t()> now_ms;  // wall clock for the timers of transforms; empty: the system's. [any]
};

}  // namespace weir::host
