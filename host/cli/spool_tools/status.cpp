#include <chrono>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/moment.h"
#include "cli/spool_tools/actions.h"
#include "cli/spool_tools/holder.h"
#include "cli/spool_tools/words.h"

namespace weir::host::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What `status` tells. Records unless said.
struct Summary {
  std::uint64_t waiting = 0;
  std::uint64_t kept = 0;  // delivered, and still there
  std::uint64_t bytes = 0;
  std::int64_t oldest_ms = 0;  // when the oldest segment with a record that waits got its first; 0: none waits
  std::uint64_t unreadable_segments = 0;
  std::uint64_t quarantined_files = 0;
  std::uint64_t quarantined_bytes = 0;
  bool encrypted = false;
};

void add_quarantine(const std::string& folder, Summary& summary) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "/quarantine", error)) {
    const std::uintmax_t bytes = entry.file_size(error);
    ++summary.quarantined_files;
    summary.quarantined_bytes += error ? 0 : bytes;
  }
}

/// When the record that is delivered next was taken, to within its block; 0: that cannot be seen without its secret.
std::int64_t oldest_waiting(const SpoolLook& look) {
  std::int64_t taken_ms = 0;
  static_cast<void>(look.inspector->read({.from = look.next}, [&taken_ms](const spool::SpooledRecord& record) {
    taken_ms = record.spooled_ms;
    return false;
  }));
  return taken_ms;
}

Summary sum_up(const SpoolLook& look) {
  Summary summary;
  for (const spool::SegmentSummary& segment : look.segments) {
    summary.bytes += segment.bytes;
    summary.unreadable_segments += is_unreadable(segment);
    summary.encrypted = summary.encrypted || !segment.key_id.empty();
    const std::uint64_t waiting = segment.records_from(look.next);
    summary.kept += segment.records - waiting;
    summary.waiting += waiting;
    if (waiting > 0 && summary.oldest_ms == 0) summary.oldest_ms = segment.oldest_ms;
  }
  if (summary.waiting > 0) summary.oldest_ms = std::max(summary.oldest_ms, oldest_waiting(look));
  add_quarantine(look.place.folder, summary);
  return summary;
}

const char* state_text(const SpoolLook& look) {
  if (look.state) return "whole";
  return look.state.status().code() == WEIR_NOT_FOUND ? "missing" : "damaged";
}

Json to_json(const SpoolLook& look, const Summary& summary, long holder) {
  Json json = {{"folder", look.place.folder},
               {"worker", nullptr},
               {"state", state_text(look)},
               {"next_to_deliver", look.next},
               {"end", look.end()},
               {"waiting", summary.waiting},
               {"kept", summary.kept},
               {"segments", look.segments.size()},
               {"bytes", summary.bytes},
               {"oldest_waiting", nullptr},
               {"encrypted", summary.encrypted},
               {"unreadable_segments", summary.unreadable_segments},
               {"quarantined_files", summary.quarantined_files},
               {"quarantined_bytes", summary.quarantined_bytes}};
  if (holder != 0) json["worker"] = holder;
  if (summary.oldest_ms > 0) json["oldest_waiting"] = moment_text(summary.oldest_ms);
  return json;
}

std::string waiting_text(const Summary& summary) {
  std::string text = count_text(summary.waiting) + " records";
  if (summary.oldest_ms > 0) text += ", the oldest for " + age_text(wall_clock_ms() - summary.oldest_ms);
  return text;
}

std::string position_text(const SpoolLook& look) {
  const char* const caveat = look.place.delivered > 0 ? "" : "; the worker's own position may be further";
  return "next " + std::to_string(look.next) + ", end " + std::to_string(look.end()) + caveat;
}

std::string quarantine_text(const Summary& summary) {
  if (summary.quarantined_files == 0) return "empty";
  return count_text(summary.quarantined_files) + " files, " + bytes_text(summary.quarantined_bytes);
}

void print(const SpoolLook& look, const Summary& summary, long holder) {
  const auto line = [](const char* name, const std::string& text) { std::printf("%-12s%s\n", name, text.c_str()); };
  line("spool", look.place.folder);
  line("worker", holder == 0 ? "none that can be seen" : "process " + std::to_string(holder));
  line("waiting", waiting_text(summary));
  line("delivered", count_text(summary.kept) + " records still there");
  line("position", position_text(look));
  line("disk", bytes_text(summary.bytes) + " in " + count_text(look.segments.size()) + " segments");
  line("encrypted", summary.encrypted ? "yes" : "no");
  line("state", state_text(look));
  if (summary.unreadable_segments > 0) line("unreadable", count_text(summary.unreadable_segments) + " segments");
  line("quarantine", quarantine_text(summary));
}

}  // namespace

int spool_status(const SpoolLook& look, bool json) {
  const Summary summary = sum_up(look);
  const long holder = holder_of(look.place.folder + "/lock");
  if (json)
    std::puts(to_json(look, summary, holder).dump(2).c_str());
  else
    print(look, summary, holder);
  return kExitDone;
}

}  // namespace weir::host::cli
