#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/moment.h"
#include "cli/spool_tools/actions.h"
#include "cli/spool_tools/words.h"

namespace weir::host::cli {
namespace {

using Json = nlohmann::ordered_json;

const char* condition_of(const SpoolLook& look, const spool::SegmentSummary& segment) {
  if (is_unreadable(segment)) return "unreadable";
  if (segment.end <= look.next) return "delivered";
  if (segment.sealed) return "sealed";
  return segment.first == look.segments.back().first ? "open" : "unsealed";
}

/// Of an unreadable segment no time is known.
std::string time_of(const spool::SegmentSummary& segment, std::int64_t ms) {
  return is_unreadable(segment) ? "-" : moment_text(ms);
}

Json to_json(const SpoolLook& look, const spool::SegmentSummary& segment) {
  return {{"name", spool::segment_name(segment.first)},
          {"first", segment.first},
          {"end", segment.end},
          {"records", segment.records},
          {"blocks", segment.blocks},
          {"bytes", segment.bytes},
          {"oldest", time_of(segment, segment.oldest_ms)},
          {"newest", time_of(segment, segment.newest_ms)},
          {"condition", condition_of(look, segment)},
          {"key", segment.key_id}};
}

void print_line(const char* name, const std::string& records, const std::string& size, const std::string& oldest,
                const std::string& newest, const char* condition, const char* key) {
  std::printf("%-24s  %12s  %10s  %-20s  %-20s  %-10s  %s\n", name, records.c_str(), size.c_str(), oldest.c_str(),
              newest.c_str(), condition, key);
}

}  // namespace

int spool_list(const SpoolLook& look, bool json) {
  Json all = Json::array();
  if (!json) print_line("SEGMENT", "RECORDS", "SIZE", "OLDEST", "NEWEST", "CONDITION", "KEY");
  for (const spool::SegmentSummary& segment : look.segments) {
    if (json) {
      all.push_back(to_json(look, segment));
      continue;
    }
    print_line(spool::segment_name(segment.first).c_str(), count_text(segment.records), bytes_text(segment.bytes),
               time_of(segment, segment.oldest_ms), time_of(segment, segment.newest_ms), condition_of(look, segment),
               segment.key_id.empty() ? "-" : segment.key_id.c_str());
  }
  if (json) std::puts(all.dump(2).c_str());
  return kExitDone;
}

}  // namespace weir::host::cli
