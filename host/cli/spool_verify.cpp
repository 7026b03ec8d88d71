#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/spool_actions.h"
#include "cli/spool_words.h"

namespace weir::host::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Damage {
  std::string segment;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  std::optional<spool::BlockHeader> header;  // whose block it is, where that is still known
};

/// What looking at everything found.
struct Verdict {
  std::uint64_t blocks = 0;
  std::uint64_t records = 0;
  std::uint64_t unfinished_bytes = 0;
  std::vector<Damage> damages;
  std::vector<std::string> hurt_headers;  // segments of which one header copy is damaged: nothing is lost
};

Status look_at(const SpoolContents& contents, const SpoolSegment& segment, SpoolContents::Depth depth,
               Verdict& verdict) {
  if (segment.header && segment.is_header_hurt) verdict.hurt_headers.push_back(segment.name);
  return contents.walk(segment, depth, [&](const SpoolPiece& piece) {
    switch (piece.state) {
      case SpoolPiece::State::whole:
        ++verdict.blocks;
        verdict.records += piece.header->count;
        break;
      case SpoolPiece::State::damaged:
        verdict.damages.push_back({segment.name, piece.offset, piece.size, piece.header});
        break;
      case SpoolPiece::State::unfinished:
        verdict.unfinished_bytes += piece.size;
        break;
    }
    return true;
  });
}

Json to_json(const Damage& damage) {
  Json json = {{"segment", damage.segment}, {"offset", damage.offset}, {"bytes", damage.bytes}};
  if (damage.header) {
    json["first"] = damage.header->first;
    json["end"] = damage.header->end();
  }
  return json;
}

Json to_json(const Verdict& verdict, bool opened) {
  Json json = {{"blocks", verdict.blocks},
               {"records", verdict.records},
               {"opened", opened},
               {"unfinished_bytes", verdict.unfinished_bytes},
               {"hurt_headers", verdict.hurt_headers},
               {"damaged", Json::array()}};
  for (const Damage& damage : verdict.damages) json["damaged"].push_back(to_json(damage));
  return json;
}

std::string records_of(const Damage& damage) {
  if (!damage.header) return "records unknown";
  return "records " + std::to_string(damage.header->first) + "–" + std::to_string(damage.header->end() - 1);
}

void print(const Verdict& verdict, bool opened) {
  for (const Damage& damage : verdict.damages) {
    std::printf("%s: damaged at %llu, %llu bytes, %s\n", damage.segment.c_str(),
                static_cast<unsigned long long>(damage.offset), static_cast<unsigned long long>(damage.bytes),
                records_of(damage).c_str());
  }
  for (const std::string& name : verdict.hurt_headers)
    std::printf("%s: one of its two headers is damaged; the other is whole\n", name.c_str());
  if (verdict.unfinished_bytes > 0)
    std::printf("%s at the end were never finished, nor acknowledged\n", bytes_text(verdict.unfinished_bytes).c_str());
  std::printf("%s records in %s blocks are whole%s; %zu places are damaged\n", count_text(verdict.records).c_str(),
              count_text(verdict.blocks).c_str(), opened ? "" : " by their checksums (without a secret, not opened)",
              verdict.damages.size());
}

/// Whether the blocks can be opened with what was given: plain ones always.
bool can_open(const SpoolPlace& place, const SpoolContents& contents) {
  if (!place.secrets.empty()) return true;
  for (const SpoolSegment& segment : contents.segments()) {
    if (segment.header && !segment.header->wrapped_key.empty()) return false;
  }
  return true;
}

}  // namespace

int spool_verify(const SpoolPlace& place, const SpoolContents& contents, bool json) {
  const bool opened = can_open(place, contents);
  const auto depth = opened ? SpoolContents::Depth::records : SpoolContents::Depth::payloads;
  Verdict verdict;
  for (const SpoolSegment& segment : contents.segments()) {
    if (const Status looked = look_at(contents, segment, depth, verdict); !looked.ok())
      return complain(looked.message(), looked.code() == WEIR_E_CONFIG ? kExitUsage : kExitFailed);
  }
  if (json)
    std::puts(to_json(verdict, opened).dump(2).c_str());
  else
    print(verdict, opened);
  const bool has_state = contents.state() || contents.state().status().code() == WEIR_NOT_FOUND;
  if (!has_state) complain(contents.state().status().message() + "; `weir spool repair` makes it anew", kExitFailed);
  return verdict.damages.empty() && has_state ? kExitDone : kExitFailed;
}

}  // namespace weir::host::cli
