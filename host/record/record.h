#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "record/bytes.h"

namespace weir::host {

class Slice;
struct Origin;
namespace json {
class Document;
}

/// Where a record is on its way. Only the task and the chain move it on.
enum class Fate : std::uint8_t {
  live,      // in the chain, or waiting for the sink
  held,      // a transform keeps it back
  filtered,  // dropped by a transform: settled
  merged,    // went into another record: settled, its origins moved on
  failed,    // bad: waits for the dead letter sink, or for tolerance to say what becomes of it
  settled,   // delivered, dead-lettered or dropped
};

struct Header {
  Bytes name;
  Bytes value;
};

/// The headers of a record: an array in the slice's arena. A write makes a new array, so an earlier copy of the handle keeps
/// what it saw (a record's original, a clone's parent).
struct Headers {
  const Header* first = nullptr;
  std::uint32_t count = 0;
  [[nodiscard]] std::span<const Header> all() const { return {first, count}; }
};

/// Why a record failed. `reason` is a constant of a plugin's or the host's, `at` a path of the configuration: never record data.
struct Failure {
  weir_status status = WEIR_E_DATA;
  const char* reason = "";
  std::string_view at;        // "" when no path is known
  bool in_transform = false;  // `stage` is a transform's name
  std::string_view stage;     // the transform's name, "source" or "sink"; set by the chain and the task
};

/// Key or value: the bytes, and the JSON view made at the first request for it (null: none yet).
struct Slot {
  Bytes bytes = kNullBytes;
  json::Document* document = nullptr;
};

/// One record on its way through a task. It lies in its slice, does not move, and everything it points to lives as long as the
/// slice. A sink may read key and value from any thread until it acknowledges the record; all else is [task].
class Record {
 public:
  Slot slots[2];  // WEIR_KEY, WEIR_VALUE
  Headers headers;
  Bytes topic = kNullBytes;        // null: the sink's own
  std::int64_t timestamp_ms = -1;  // -1: none
  std::int32_t partition = -1;     // -1: the sink decides
  Fate fate = Fate::live;
  bool in_sink = false;            // taken and not yet acknowledged
  bool sealed = false;             // its original was taken
  std::uint32_t clone_number = 0;  // 0: as the source gave it or as it was emitted; n: the nth clone made of that one
  std::uint32_t clone_count = 0;   // clones made of this one and of its clones
  std::uint32_t extra_origin_count = 0;
  Slice* slice = nullptr;
  Origin* origin = nullptr;          // never null while unsettled
  Origin** extra_origins = nullptr;  // of a merged record: the others
  Failure* failure = nullptr;  // of a failed record; of a live one what its sink refused in put, until its ack is read
  /// What the source gave, for dead letters; a clone's are its parent's.
  Bytes original[2] = {kNullBytes, kNullBytes};
  Headers original_headers;
  Record* parent = nullptr;  // of a clone: what it was cloned from, in the same slice

  [[nodiscard]] Bytes key() const { return slots[WEIR_KEY].bytes; }
  [[nodiscard]] Bytes value() const { return slots[WEIR_VALUE].bytes; }
  /// Replaces a slot's bytes (which must live as long as the slice) and forgets its document.
  void set_slot(int slot, Bytes bytes) { slots[slot] = {bytes, nullptr}; }
  /// What it holds now is its original from here on. Edits are in its bytes already (json::Engine::settle_bytes).
  void seal();
  /// Adds a header; name and value are copied into the slice.
  void add_header(std::string_view name, Bytes value);
  /// Removes every header of that name; returns how many there were.
  std::uint32_t remove_header(std::string_view name);
  /// So many records are on their way from memory while one is looked at: settled ones left the processor's caches long ago.
  static constexpr std::size_t kAhead = 8;
  /// Hints that its fate, or its origin, is needed soon; the second reads the record.
  void prefetch() const { __builtin_prefetch(&fate, 1); }
  void prefetch_origin() const { __builtin_prefetch(origin, 1); }
  /// Marks it bad; the first failure counts. `reason` and `at` must outlive the slice. Not for a held record.
  void fail(weir_status status, const char* reason, std::string_view at = {});

 private:
  friend class Slice;
  Record* next_ = nullptr;        // in the slice's order
  Record* last_clone_ = nullptr;  // the newest clone made of this very record
};

}  // namespace weir::host
