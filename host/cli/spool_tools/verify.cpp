#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/spool_tools/actions.h"
#include "cli/spool_tools/words.h"

namespace weir::host::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What looking at every byte of a segment found.
struct Finding {
  std::string segment;
  spool::Verdict verdict;
};

struct Findings {
  std::uint64_t blocks = 0;
  std::uint64_t records = 0;
  std::uint64_t torn_bytes = 0;
  std::uint64_t damaged = 0;  // places
  std::vector<Finding> unsound;
};

/// Damage of one header copy or of a footer takes nothing: it is told and is no failure of the whole.
std::uint64_t damaged_places(const spool::SegmentSummary& segment, const spool::Verdict& verdict) {
  return verdict.damaged.size() + (is_unreadable(segment) ? 1 : 0);
}

Result<Findings> verify_all(const SpoolLook& look) {
  Findings findings;
  for (const spool::SegmentSummary& segment : look.segments) {
    Result<spool::Verdict> verdict = look.inspector->verify(segment.first);
    if (!verdict && verdict.status().code() == WEIR_NOT_FOUND) continue;  // went meanwhile
    if (!verdict) return verdict.status();
    findings.blocks += verdict->blocks;
    findings.records += verdict->records;
    findings.torn_bytes += verdict->torn_bytes;
    findings.damaged += damaged_places(segment, *verdict);
    if (!verdict->sound()) findings.unsound.push_back({spool::segment_name(segment.first), *std::move(verdict)});
  }
  return findings;
}

Json to_json(const Finding& finding) {
  Json json = {{"segment", finding.segment},
               {"damaged_headers", finding.verdict.damaged_headers},
               {"damaged_footer", finding.verdict.damaged_footer},
               {"damaged", Json::array()}};
  for (const spool::DamagedPiece& piece : finding.verdict.damaged)
    json["damaged"].push_back(
        {{"offset", piece.offset}, {"bytes", piece.size}, {"first", piece.first}, {"records", piece.records}});
  return json;
}

Json to_json(const Findings& findings) {
  Json json = {{"blocks", findings.blocks},
               {"records", findings.records},
               {"damaged", findings.damaged},
               {"torn_bytes", findings.torn_bytes},
               {"segments", Json::array()}};
  for (const Finding& finding : findings.unsound) json["segments"].push_back(to_json(finding));
  return json;
}

void print(const Finding& finding) {
  const char* const name = finding.segment.c_str();
  if (finding.verdict.damaged_headers > 0)
    std::printf("%s: %u of its two headers damaged\n", name, finding.verdict.damaged_headers);
  if (finding.verdict.damaged_footer) std::printf("%s: its footer does not say what is there\n", name);
  for (const spool::DamagedPiece& piece : finding.verdict.damaged)
    std::printf("%s: damaged at %llu, %llu bytes: %s records from %llu on\n", name,
                static_cast<unsigned long long>(piece.offset), static_cast<unsigned long long>(piece.size),
                count_text(piece.records).c_str(), static_cast<unsigned long long>(piece.first));
}

void print(const Findings& findings) {
  for (const Finding& finding : findings.unsound) print(finding);
  if (findings.torn_bytes > 0)
    std::printf("%s at the end were never finished, and never acknowledged\n", bytes_text(findings.torn_bytes).c_str());
  std::printf("%s records in %s blocks are whole, %s places damaged\n", count_text(findings.records).c_str(),
              count_text(findings.blocks).c_str(), count_text(findings.damaged).c_str());
}

}  // namespace

int spool_verify(const SpoolLook& look, bool json) {
  const Result<Findings> findings = verify_all(look);
  if (!findings) return complain(findings.status().message(), kExitFailed);
  if (json)
    std::puts(to_json(*findings).dump(2).c_str());
  else
    print(*findings);
  const bool has_state = look.state || look.state.status().code() == WEIR_NOT_FOUND;
  if (!has_state) complain(look.state.status().message() + "; `weir spool repair` makes it anew", kExitFailed);
  return findings->damaged == 0 && has_state ? kExitDone : kExitFailed;
}

}  // namespace weir::host::cli
