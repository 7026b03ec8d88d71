#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/spool_actions.h"
#include "cli/spool_words.h"
#include "crypto/key_ring.h"

namespace weir::host::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Of the secret that opens it; empty: it is plain, or that cannot be read.
std::string key_text(const SpoolSegment& segment) {
  crypto::KeyId id{};
  if (!segment.header || segment.header->wrapped_key.size() < id.size()) return {};
  std::copy_n(segment.header->wrapped_key.begin(), id.size(), id.begin());
  return crypto::to_text(id);
}

const char* condition_of(const SpoolSegment& segment, spool::Sequence next) {
  if (!segment.header) return "unreadable";
  if (segment.end <= next) return "delivered";
  if (segment.is_sealed) return "sealed";
  return segment.is_last ? "open" : "unsealed";
}

const char* text_of(SpoolPiece::State state) {
  switch (state) {
    case SpoolPiece::State::whole:
      return "whole";
    case SpoolPiece::State::damaged:
      return "damaged";
    case SpoolPiece::State::unfinished:
      break;
  }
  return "unfinished";
}

Json to_json(const SpoolSegment& segment, spool::Sequence next) {
  return {{"name", segment.name},
          {"first", segment.first},
          {"end", segment.end},
          {"records", segment.records},
          {"bytes", segment.bytes},
          {"oldest", time_text(segment.oldest_ms)},
          {"newest", time_text(segment.newest_ms)},
          {"condition", condition_of(segment, next)},
          {"key", key_text(segment)}};
}

Json to_json(const SpoolPiece& piece) {
  Json json = {{"offset", piece.offset}, {"bytes", piece.size}, {"condition", text_of(piece.state)}};
  if (!piece.header) return json;
  json["first"] = piece.header->first;
  json["end"] = piece.header->end();
  json["raw_bytes"] = piece.header->raw;
  json["oldest"] = time_text(piece.header->first_ms);
  json["newest"] = time_text(piece.header->last_ms);
  return json;
}

void print(const SpoolSegment& segment, spool::Sequence next) {
  std::printf("%-24s  %12s  %10s  %-20s  %-20s  %-10s  %s\n", segment.name.c_str(), count_text(segment.records).c_str(),
              bytes_text(segment.bytes).c_str(), time_text(segment.oldest_ms).c_str(),
              time_text(segment.newest_ms).c_str(), condition_of(segment, next), key_text(segment).c_str());
}

void print(const SpoolPiece& piece) {
  const std::string records =
      piece.header ? std::to_string(piece.header->first) + "–" + std::to_string(piece.header->end() - 1) : "no block";
  std::printf("  at %-12llu  %10s  %-24s  %s\n", static_cast<unsigned long long>(piece.offset),
              bytes_text(piece.size).c_str(), records.c_str(), text_of(piece.state));
}

}  // namespace

int spool_list(const SpoolContents& contents, bool blocks, bool json) {
  const spool::Sequence next = contents.next_to_deliver();
  Json all = Json::array();
  if (!json)
    std::printf("%-24s  %12s  %10s  %-20s  %-20s  %-10s  %s\n", "SEGMENT", "RECORDS", "SIZE", "OLDEST", "NEWEST",
                "CONDITION", "KEY");
  for (const SpoolSegment& segment : contents.segments()) {
    Json one = to_json(segment, next);
    if (!json) print(segment, next);
    if (blocks) {
      one["blocks"] = Json::array();
      const Status walked = contents.walk(segment, SpoolContents::Depth::headers, [&](const SpoolPiece& piece) {
        if (json)
          one["blocks"].push_back(to_json(piece));
        else
          print(piece);
        return true;
      });
      if (!walked.ok()) return complain(walked.message(), kExitFailed);
    }
    if (json) all.push_back(std::move(one));
  }
  if (json) std::puts(all.dump(2).c_str());
  return kExitDone;
}

}  // namespace weir::host::cli
