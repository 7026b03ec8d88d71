#include "contract/bad_values.h"
#include "contract/common_rules.h"

namespace weir::host::contract {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kTooLong{3};  // for what ought to be at once

std::string of(std::size_t part, std::size_t all) { return std::to_string(part) + " of " + std::to_string(all); }

/// A started sink with some records taken.
struct Loaded {
  Instance<Sink> sink;
  Batch* batch;
};

Loaded loaded(Subject& subject) {
  Loaded out{make<Sink>(subject), nullptr};
  start(*out.sink.plugin);
  out.batch = &subject.good_batch(out.sink.engine.get(), 5);
  if (const Status status = try_put(*out.sink.plugin, out.batch->records()); !status.ok())
    break_off(Verdict::not_applicable("put does not work: " + status.message()));
  return out;
}

Verdict empty_batch(Subject& subject) {
  Instance<Sink> sink = make<Sink>(subject);
  start(*sink.plugin);
  std::size_t taken = 0;
  const Status status = sink->put({}, taken);
  stop(*sink.plugin);
  return status.ok() || status.code() == WEIR_E_RETRY ? Verdict::ok()
                                                      : Verdict::broken("put of no record: " + status.message());
}

Verdict flush_tells_the_truth(Subject& subject) {
  const Loaded now = loaded(subject);
  Status status;
  for (int tries = 0; tries < 3; ++tries) {
    status = now.sink.plugin->flush(Milliseconds(1000));
    if (status.code() != WEIR_E_RETRY) break;
  }
  if (!status.ok()) return Verdict::not_applicable("flush does not get done: " + status.message());
  const std::size_t all = now.batch->records().size();
  const std::size_t acknowledged = subject.acks().acknowledged();
  stop(*now.sink.plugin);
  return acknowledged == all ? Verdict::ok()
                             : Verdict::broken("flush said OK with " + of(acknowledged, all) + " records acknowledged");
}

Verdict one_acknowledgement(Subject& subject) {
  live<Sink>(subject);
  return subject.acks().most() <= 1 ? Verdict::ok() : Verdict::broken("a record was acknowledged more than once");
}

/// Stopped without a flush, and destroyed.
Verdict nothing_unanswered(Subject& subject) {
  std::size_t all = 0;
  {
    const Loaded now = loaded(subject);
    all = now.batch->records().size();
    stop(*now.sink.plugin);
  }
  const std::size_t acknowledged = subject.acks().acknowledged();
  return acknowledged == all
             ? Verdict::ok()
             : Verdict::broken("after stop and destroy " + of(acknowledged, all) + " records are acknowledged");
}

Verdict flush_keeps_to_its_timeout(Subject& subject) {
  const Loaded now = loaded(subject);
  const Clock::time_point begin = Clock::now();
  const Status status = now.sink.plugin->flush(Milliseconds(0));
  const bool late = Clock::now() - begin > kTooLong;
  stop(*now.sink.plugin);
  if (!status.ok() && status.code() != WEIR_E_RETRY) return Verdict::not_applicable("flush: " + status.message());
  return late ? Verdict::broken("flush with no time at all takes seconds") : Verdict::ok();
}

/// How the first and the last record of a batch were acknowledged.
Letters outer(Subject& subject, const std::vector<std::optional<std::string>>& between, const char* kind) {
  Instance<Sink> sink = make<Sink>(subject);
  start(*sink.plugin);
  Batch& batch = subject.batch(sink.engine.get());
  Record* const first = batch.add(subject.good_value(0));
  for (const auto& value : between) batch.add(value);
  Record* const last = batch.add(subject.good_value(1));
  if (const Status status = try_deliver(*sink.plugin, batch); !status.ok()) {
    const std::string how = "put beside " + std::string(kind) + " says: " + status.message();
    break_off(between.empty() ? Verdict::not_applicable(how) : Verdict::broken(how));
  }
  stop(*sink.plugin);
  return letters_of(subject.acks(), std::vector<Record*>{first, last});
}

Verdict harmless(Subject& subject, const std::vector<std::optional<std::string>>& values, const char* kind) {
  const Letters expected = outer(subject, {}, "good records");
  for (const auto& value : values) {
    if (outer(subject, {value}, kind) != expected)
      return Verdict::broken(std::string(kind) + " changed how those beside it were acknowledged");
  }
  return Verdict::ok();
}

Verdict bad_records(Subject& subject) {
  const std::vector<std::string> values = bad_values();
  return harmless(subject, {values.begin(), values.end()}, "a bad record");
}

Verdict tombstones(Subject& subject) { return harmless(subject, {std::nullopt}, "a null value"); }

/// A record is the sink's until its acknowledgement.
Verdict no_memory_kept(Subject& subject) {
  Instance<Sink> sink = make<Sink>(subject);
  start(*sink.plugin);
  for (int calls = 0; calls < 3; ++calls) {
    Batch& batch = subject.good_batch(sink.engine.get(), 3);
    if (const Status status = try_deliver(*sink.plugin, batch); !status.ok())
      return Verdict::not_applicable("put does not work: " + status.message());
    const Letters letters = letters_of(subject.acks(), batch.records());
    if (letters.find('-') == Letters::npos) batch.take_away();
  }
  stop(*sink.plugin);
  return Verdict::ok();
}

}  // namespace

std::vector<Rule> sink_rules() {
  std::vector<Rule> rules = shared_rules<Sink>();
  rules.insert(rules.end(),
               {{"restart", "after stop, start may come again", restart<Sink>},
                {"ownership", "no pointer to a record is used after its acknowledgement", no_memory_kept},
                {"empty_batch", "a batch may be empty", empty_batch},
                {"acknowledged", "when flush says OK, all that was taken is acknowledged", flush_tells_the_truth},
                {"once", "no record is acknowledged twice", one_acknowledgement},
                {"gives_back", "stop gives back what it still holds", nothing_unanswered},
                {"flush_timeout", "flush keeps to its timeout", flush_keeps_to_its_timeout},
                {"bad_records", "a bad record hurts only itself", bad_records},
                {"tombstones", "a null value does no harm", tombstones}});
  return rules;
}

}  // namespace weir::host::contract
