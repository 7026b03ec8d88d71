#include "contract/use.h"

#include <algorithm>
#include <thread>

#include "contract/verdict.h"

namespace weir::host::contract {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Milliseconds kLongest{2000};  // for what is asked for again
constexpr Milliseconds kPause{50};
constexpr Milliseconds kFlush{1000};

/// Repeats a call that asks for it, for a while.
template <typename Call>
Status retried(const Call& call) {
  const Clock::time_point deadline = Clock::now() + kLongest;
  Status status = call();
  while (status.code() == WEIR_E_RETRY && Clock::now() < deadline) {
    std::this_thread::sleep_for(kPause);
    status = call();
  }
  return status;
}

void must(const Status& status, const char* function) {
  if (!status.ok()) break_off(Verdict::not_applicable(std::string(function) + " does not work: " + status.message()));
}

std::vector<Record*> shown(const Subject& subject, const Batch& batch) {
  std::vector<Record*> records;
  for (Record* record : batch.records()) {
    if (record->fate == Fate::live && (!is_null(record->value()) || subject.can(WEIR_TOMBSTONES)))
      records.push_back(record);
  }
  return records;
}

char letter_of(Fate fate) {
  switch (fate) {
    case Fate::held:
      return 'h';
    case Fate::filtered:
      return 'd';
    case Fate::merged:
      return 'm';
    case Fate::failed:
      return 'f';
    default:
      return 'l';
  }
}

}  // namespace

template <typename T>
Status try_start(T& plugin) {
  return retried([&] { return plugin.start(); });
}
template Status try_start(Source& plugin);
template Status try_start(Transform& plugin);
template Status try_start(Sink& plugin);

void start(Source& source) { must(try_start(source), "start"); }
void start(Transform& transform) { must(try_start(transform), "start"); }
void start(Sink& sink) { must(try_start(sink), "start"); }
void stop(Source& source) { source.stop(); }
void stop(Transform& transform) { transform.stop(); }
void stop(Sink& sink) { sink.stop(); }

Status try_apply(const Subject& subject, Transform& transform, Batch& batch) {
  const std::vector<Record*> records = shown(subject, batch);
  if (records.empty()) return {};
  Status status = retried([&] { return transform.apply(records, batch.slice()); });
  batch.settle();
  return status;
}

Status try_test(const Subject& subject, Predicate& predicate, Batch& batch, std::vector<std::uint8_t>& matches) {
  const std::vector<Record*> records = shown(subject, batch);
  matches.assign(records.size(), 0);
  return retried([&] { return predicate.test(records, matches); });
}

Status try_put(Sink& sink, std::span<Record* const> records) {
  for (const auto deadline = Clock::now() + kLongest; !records.empty() && Clock::now() < deadline;) {
    std::size_t taken = 0;
    Status status = sink.put(records, taken);
    if (!status.ok() && status.code() != WEIR_E_RETRY) return status;
    records = records.subspan(taken);
    if (records.empty()) break;
    if (status = sink.service(kPause); !status.ok() && status.code() != WEIR_E_RETRY) return status;
  }
  return records.empty() ? Status() : Status::retry("it takes no record");
}

Status try_deliver(Sink& sink, Batch& batch) {
  if (Status status = try_put(sink, batch.records()); !status.ok()) return status;
  Status status;
  for (int tries = 0; tries < 3; ++tries) {
    status = sink.flush(kFlush);
    if (status.code() != WEIR_E_RETRY) break;
  }
  return status;
}

Letters letters_of(std::span<Record* const> records) {
  Letters letters;
  for (const Record* record : records) letters += letter_of(record->fate);
  return letters;
}

Letters letters_of(const AckBook& acks, std::span<Record* const> records) {
  Letters letters;
  for (const Record* record : records) {
    const AckBook::Entry entry = acks.of(record);
    letters += entry.count == 0 ? '-' : entry.last == WEIR_OK ? 'o' : entry.last == WEIR_E_RETRY ? 'r' : 'f';
  }
  return letters;
}

Status try_poll(Source& source, Batch& batch, const PollLimits& limits) {
  Status status = source.poll(batch.slice(), limits);
  batch.slice().seal();
  batch.slice().origins()->close();
  return status;
}

Letters work(Subject& subject, Instance<Source>& source) {
  constexpr int kPolls = 4;
  for (int polls = 0; polls < kPolls && !source.ended; ++polls) {
    const Status status = try_poll(*source.plugin, subject.batch(source.engine.get()), {});
    if (status.code() != WEIR_E_RETRY) must(status, "poll");
    source.ended = status.code() == WEIR_END;
  }
  return {};
}

Letters work(Subject& subject, Instance<Transform>& transform) {
  Letters letters;
  for (const std::size_t records : {3, 1}) {
    Batch& batch = subject.good_batch(transform.engine.get(), records);
    const std::vector<Record*> given = batch.records();
    must(try_apply(subject, *transform.plugin, batch), "apply");
    letters += letters_of(given);
  }
  std::int64_t next_ms = 0;
  must(transform->tick(subject.batch(transform.engine.get()).slice(), 1'700'000'000'000, next_ms), "tick");
  if (subject.can(WEIR_HOLDS)) must(transform->flush(subject.batch(transform.engine.get()).slice()), "flush");
  return letters;
}

Letters work(Subject& subject, Instance<Predicate>& predicate) {
  Batch& batch = subject.good_batch(predicate.engine.get(), 3);
  std::vector<std::uint8_t> matches;
  must(try_test(subject, *predicate.plugin, batch, matches), "test");
  Letters letters;
  for (std::size_t i = 0; i < matches.size(); ++i)
    letters += batch.records()[i]->fate == Fate::failed ? 'f' : matches[i] != 0 ? '1' : '0';
  return letters;
}

Letters work(Subject& subject, Instance<Sink>& sink) {
  Letters letters;
  for (const std::size_t records : {3, 1}) {
    Batch& batch = subject.good_batch(sink.engine.get(), records);
    must(try_deliver(*sink.plugin, batch), "put");
    letters += letters_of(subject.acks(), batch.records());
  }
  return letters;
}

Instance<Source> make(Subject& subject, const Source*) { return subject.make_source(); }
Instance<Transform> make(Subject& subject, const Transform*) { return subject.make_transform(); }
Instance<Predicate> make(Subject& subject, const Predicate*) { return subject.make_predicate(); }
Instance<Sink> make(Subject& subject, const Sink*) { return subject.make_sink(); }

}  // namespace weir::host::contract
