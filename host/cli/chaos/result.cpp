#include "cli/chaos/result.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace weir::host::cli::chaos {
namespace {

using Json = nlohmann::ordered_json;

std::string line(const char* what, const std::string& text) {
  char head[32];
  std::snprintf(head, sizeof head, "%-15s", what);
  return head + text + "\n";
}

std::string part(std::uint64_t count, const char* name) { return std::to_string(count) + " " + name; }

std::string ratio(std::uint64_t duplicated, std::uint64_t expected) {
  if (duplicated == 0 || expected == 0) return {};
  char text[48];
  std::snprintf(text, sizeof text, " (%.2f a message)",
                static_cast<double>(duplicated) / static_cast<double>(expected));
  return text;
}

std::string counts_of(const Verdict& verdict) {
  std::string text = "lost " + std::to_string(verdict.lost.count) + "  duplicated " +
                     std::to_string(verdict.duplicated) + ratio(verdict.duplicated, verdict.expected) + "  reordered " +
                     std::to_string(verdict.reordered.count) + "  unexpected " +
                     std::to_string(verdict.unexpected.count);
  if (verdict.misplaced.count > 0) text += "  in the wrong partition " + std::to_string(verdict.misplaced.count);
  return text;
}

std::string examples_of(const char* what, const Verdict::Fault& fault, const char* where) {
  std::string text;
  for (const Example& example : fault.examples) {
    std::string place = std::string(where) + " " + (example.topic.empty() ? "partition " : example.topic + "/") +
                        std::to_string(example.partition) + " offset " + std::to_string(example.offset);
    if (!example.source_offset.empty()) place += ", position " + example.source_offset + " of its source";
    text += line(what, place);
  }
  if (fault.count > fault.examples.size()) text += line(what, "…");
  return text;
}

std::string examples_of(const Verdict& verdict) {
  return examples_of("  lost", verdict.lost, "expected at") + examples_of("  reordered", verdict.reordered, "at") +
         examples_of("  unexpected", verdict.unexpected, "at") + examples_of("  misplaced", verdict.misplaced, "at");
}

std::string hint_of(const Verdict& verdict) {
  std::string text;
  if (verdict.unordered > 0)
    text +=
        line("note", "the order of " + part(verdict.unordered, "messages") +
                         " could not be judged: a transform took their headers, and with them where they came from");
  if (verdict.unexpected.count > 0 && verdict.lost.count > 0)
    text += line("note",
                 "messages both lost and unexpected may be the same ones with other bytes: a transform that makes "
                 "something else of the same record each time");
  return text;
}

Json json_of(const Verdict::Fault& fault) {
  Json examples = Json::array();
  for (const Example& example : fault.examples)
    examples.push_back({{"topic", example.topic},
                        {"partition", example.partition},
                        {"offset", example.offset},
                        {"position", example.source_offset}});
  return examples;
}

void add(Json& json, const Verdict& verdict) {
  json["expected"] = verdict.expected;
  json["arrived"] = verdict.arrived;
  json["lost"] = verdict.lost.count;
  json["duplicated"] = verdict.duplicated;
  json["reordered"] = verdict.reordered.count;
  json["unexpected"] = verdict.unexpected.count;
  json["misplaced"] = verdict.misplaced.count;
  json["order_not_judged"] = verdict.unordered;
  json["examples"] = {{"lost", json_of(verdict.lost)},
                      {"reordered", json_of(verdict.reordered)},
                      {"unexpected", json_of(verdict.unexpected)},
                      {"misplaced", json_of(verdict.misplaced)}};
}

std::string dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

std::string text_of(const Ledger& books) {
  std::string text = "read " + std::to_string(books.read) + "  delivered " + std::to_string(books.delivered) +
                     "  filtered " + std::to_string(books.filtered) + "  dead letters " +
                     std::to_string(books.dead_lettered);
  if (books.dropped > 0) text += "  dropped " + std::to_string(books.dropped);
  return text;
}

Json json_of(const Ledger& books) {
  return {{"read", books.read},
          {"delivered", books.delivered},
          {"filtered", books.filtered},
          {"dead_lettered", books.dead_lettered},
          {"dropped", books.dropped}};
}

std::string faults_of(const ChaosResult& result) {
  const FaultCounts& faults = result.faults;
  std::string text = part(faults.kills(), "kills") + " (" + part(faults.killed_starting, "starting, ") +
                     part(faults.killed_running, "running, ") + part(faults.killed_frozen, "while frozen), ") +
                     part(faults.freezes, "freezes of the broker");
  const bool ended_early = faults.kills() < result.kills_wanted || faults.freezes < result.freezes_wanted;
  if (ended_early && result.reason().empty())
    text += "; the pipeline ended before the others, --for makes it last longer";
  return text;
}

bool has_faults(const ChaosResult& result) { return result.messages.faults() + result.letters.faults() > 0; }

std::string sentence(const ChaosResult& result) {
  if (const std::string reason = result.reason(); !reason.empty()) return "inconclusive: " + reason;
  if (has_faults(result)) return "faults: the pipeline does not keep what Weir promises";
  if (result.faults.all() == 0) return "clean, and undisturbed";
  return "clean: nothing lost, nothing out of order";
}

}  // namespace

std::string ChaosResult::reason() const {
  if (!trouble.empty()) return trouble;
  if (faults.all() > 0 || !has_faults(*this)) return {};
  return std::string("the pipeline, undisturbed twice, did not make the same twice: its source or a transform gives ") +
         "something else each time" + (on_own_cluster ? ", or the topic on the cluster does not keep what it got" : "");
}

const char* ChaosResult::word() const {
  if (!reason().empty()) return "inconclusive";
  return has_faults(*this) ? "faults" : "clean";
}

std::string nothing_delivered(const Ledger& books) {
  const std::string what = "the undisturbed run delivered nothing, so there is nothing to compare: ";
  if (books.read == 0) return what + "its source gave no record";
  return what + "of " + part(books.read, "records read ") + part(books.filtered, "were filtered, ") +
         part(books.dead_lettered, "became dead letters, ") + part(books.dropped, "were dropped");
}

std::string to_text(const Verdict& verdict) {
  return line("messages", counts_of(verdict)) + examples_of(verdict) + hint_of(verdict);
}

std::string to_json(const Verdict& verdict) {
  Json json;
  add(json, verdict);
  return dump(json);
}

std::string to_text(const ChaosResult& result) {
  std::string text = line("pipeline", result.pipeline) + line("undisturbed", text_of(result.reference)) +
                     line("disturbed by", faults_of(result));
  if (result.second_run) text += line("second run", text_of(*result.second_run));
  text += to_text(result.messages);
  if (result.letters.expected + result.letters.arrived > 0)
    text += line("dead letters", counts_of(result.letters)) + examples_of(result.letters);
  text += line("seed", std::to_string(result.seed)) + line("verdict", sentence(result));
  for (const std::string& topic : result.unused_topics)
    text += line("warning", "nothing was written to the topic " + topic + " of --topics");
  return text;
}

std::string to_json(const ChaosResult& result) {
  const FaultCounts& faults = result.faults;
  Json json{{"pipeline", result.pipeline}, {"seed", result.seed}, {"verdict", result.word()}};
  const std::string reason = result.reason();
  json["reason"] = reason.empty() ? Json(nullptr) : Json(reason);
  json["reference"] = json_of(result.reference);
  json["second_run"] = result.second_run ? json_of(*result.second_run) : Json(nullptr);
  json["faults"] = {{"kills", faults.kills()},
                    {"killed_starting", faults.killed_starting},
                    {"killed_running", faults.killed_running},
                    {"killed_frozen", faults.killed_frozen},
                    {"freezes", faults.freezes}};
  json["unused_topics"] = result.unused_topics;
  add(json["messages"], result.messages);
  add(json["dead_letters"], result.letters);
  return dump(json);
}

std::string to_json(const Unfinished& known) {
  Json json{{"pipeline", known.pipeline.empty() ? Json(nullptr) : Json(known.pipeline)},
            {"verdict", known.is_refused ? "refused" : "inconclusive"},
            {"reason", known.reason}};
  if (known.reference) json["reference"] = json_of(*known.reference);
  return dump(json);
}

}  // namespace weir::host::cli::chaos
