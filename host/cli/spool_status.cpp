#include <chrono>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/spool_actions.h"
#include "cli/spool_holder.h"
#include "cli/spool_words.h"

namespace weir::host::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What `status` tells. Records unless said.
struct Summary {
  std::uint64_t waiting = 0;  // at most; of what a worker delivered last its state may not tell yet
  std::uint64_t kept = 0;     // delivered, and still there
  std::uint64_t bytes = 0;
  std::int64_t oldest_waiting_ms = 0;  // 0: none waits
  std::uint64_t unreadable_segments = 0;
  std::uint64_t quarantined_files = 0;
  std::uint64_t quarantined_bytes = 0;
  bool encrypted = false;
};

/// When the oldest record that waits was taken, which lies in this segment.
std::int64_t oldest_of(const SpoolContents& contents, const SpoolSegment& segment, spool::Sequence next) {
  std::int64_t oldest = segment.oldest_ms;
  if (next <= segment.first) return oldest;
  static_cast<void>(contents.walk(segment, SpoolContents::Depth::headers, [&](const SpoolPiece& piece) {
    if (piece.header) oldest = piece.header->first_ms;
    return !piece.header || piece.header->end() <= next;
  }));
  return oldest;
}

void add_quarantine(const std::string& folder, Summary& summary) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "/quarantine", error)) {
    ++summary.quarantined_files;
    summary.quarantined_bytes += entry.file_size(error);
  }
}

Summary sum_up(const SpoolPlace& place, const SpoolContents& contents) {
  Summary summary;
  const spool::Sequence next = contents.next_to_deliver();
  for (const SpoolSegment& segment : contents.segments()) {
    summary.bytes += segment.bytes;
    summary.unreadable_segments += !segment.header;
    summary.encrypted = summary.encrypted || (segment.header && !segment.header->wrapped_key.empty());
    const std::uint64_t before = next > segment.first ? next - segment.first : 0;
    const std::uint64_t kept = std::min(before, segment.records);
    summary.kept += kept;
    summary.waiting += segment.records - kept;
    if (segment.records > kept && summary.oldest_waiting_ms == 0)
      summary.oldest_waiting_ms = oldest_of(contents, segment, next);
  }
  add_quarantine(place.folder, summary);
  return summary;
}

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

const char* state_text(const SpoolContents& contents) {
  if (contents.state()) return "whole";
  return contents.state().status().code() == WEIR_NOT_FOUND ? "missing" : "damaged";
}

Json to_json(const SpoolPlace& place, const SpoolContents& contents, const Summary& summary, long holder) {
  Json json = {{"folder", place.folder},
               {"worker", holder},
               {"state", state_text(contents)},
               {"next_to_deliver", contents.next_to_deliver()},
               {"end", contents.end()},
               {"waiting", summary.waiting},
               {"kept", summary.kept},
               {"segments", contents.segments().size()},
               {"bytes", summary.bytes},
               {"oldest_waiting", nullptr},
               {"encrypted", summary.encrypted},
               {"unreadable_segments", summary.unreadable_segments},
               {"quarantined_files", summary.quarantined_files},
               {"quarantined_bytes", summary.quarantined_bytes}};
  if (summary.oldest_waiting_ms > 0) json["oldest_waiting"] = time_text(summary.oldest_waiting_ms);
  return json;
}

void print(const SpoolPlace& place, const SpoolContents& contents, const Summary& summary, long holder) {
  const auto line = [](const char* name, const std::string& text) { std::printf("%-12s%s\n", name, text.c_str()); };
  line("spool", place.folder);
  line("worker", holder == 0 ? "none" : "process " + std::to_string(holder));
  line("waiting",
       count_text(summary.waiting) + " records" +
           (summary.oldest_waiting_ms > 0 ? ", the oldest for " + age_text(now_ms() - summary.oldest_waiting_ms) : ""));
  line("delivered", count_text(summary.kept) + " records still there");
  line("position", "next " + std::to_string(contents.next_to_deliver()) + ", end " + std::to_string(contents.end()) +
                       (place.delivered > 0 ? "" : "; the worker's own position may be further"));
  line("disk", bytes_text(summary.bytes) + " in " + count_text(contents.segments().size()) + " segments");
  line("encrypted", summary.encrypted ? "yes" : "no");
  line("state", state_text(contents));
  if (summary.unreadable_segments > 0) line("unreadable", count_text(summary.unreadable_segments) + " segments");
  line("quarantine", summary.quarantined_files == 0
                         ? "empty"
                         : count_text(summary.quarantined_files) + " files, " + bytes_text(summary.quarantined_bytes));
}

}  // namespace

int spool_status(const SpoolPlace& place, const SpoolContents& contents, bool json) {
  const Summary summary = sum_up(place, contents);
  const long holder = holder_of(place.folder + "/lock");
  if (json)
    std::puts(to_json(place, contents, summary, holder).dump(2).c_str());
  else
    print(place, contents, summary, holder);
  return kExitDone;
}

}  // namespace weir::host::cli
