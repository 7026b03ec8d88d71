#include "contract/bad_values.h"
#include "contract/common_rules.h"

namespace weir::host::contract {
namespace {

Verdict empty_batch(Subject& subject) {
  Instance<Transform> transform = make<Transform>(subject);
  start(*transform.plugin);
  const Status status = transform->apply({}, subject.batch(transform.engine.get()).slice());
  return status.ok() ? Verdict::ok() : Verdict::broken("apply of no record: " + status.message());
}

/// What becomes of two good records with one of that value between them, which is what it may be.
Letters neighbours(Subject& subject, const std::optional<std::string>& value, const std::string& kind) {
  Instance<Transform> transform = make<Transform>(subject);
  start(*transform.plugin);
  Batch& batch = subject.batch(transform.engine.get());
  Record* const first = batch.add(subject.good_value(0));
  batch.add(value);
  Record* const last = batch.add(subject.good_value(1));
  if (const Status status = try_apply(subject, *transform.plugin, batch); !status.ok())
    break_off(Verdict::broken("beside " + kind + " apply says: " + status.message()));
  const Letters letters = letters_of(std::vector<Record*>{first, last});
  stop(*transform.plugin);
  return letters;
}

/// The same of good records alone.
Letters good_neighbours(Subject& subject) {
  Instance<Transform> transform = make<Transform>(subject);
  start(*transform.plugin);
  Batch& batch = subject.good_batch(transform.engine.get(), 2);
  const std::vector<Record*> given = batch.records();
  if (const Status status = try_apply(subject, *transform.plugin, batch); !status.ok())
    break_off(Verdict::not_applicable("apply does not work: " + status.message()));
  const Letters letters = letters_of(given);
  stop(*transform.plugin);
  return letters;
}

Verdict bad_records(Subject& subject) {
  const Letters expected = good_neighbours(subject);
  for (const std::string& value : bad_values()) {
    if (neighbours(subject, value, "a bad record") != expected)
      return Verdict::broken("a bad record changed what became of the good ones beside it");
  }
  return Verdict::ok();
}

Verdict tombstones(Subject& subject) {
  if (!subject.can(WEIR_TOMBSTONES)) return Verdict::not_applicable("null values pass it by");
  const Letters expected = good_neighbours(subject);
  if (neighbours(subject, std::nullopt, "a null value") != expected)
    return Verdict::broken("a null value changed what became of the records beside it");
  return Verdict::ok();
}

Verdict all_comes_out(Subject& subject) {
  if (!subject.can(WEIR_HOLDS)) return Verdict::not_applicable("it keeps nothing back");
  Instance<Transform> transform = make<Transform>(subject);
  start(*transform.plugin);
  Batch& batch = subject.good_batch(transform.engine.get(), 5);
  const std::vector<Record*> given = batch.records();
  if (const Status status = try_apply(subject, *transform.plugin, batch); !status.ok())
    return Verdict::not_applicable("apply does not work: " + status.message());
  if (const Status status = transform->flush(subject.batch(transform.engine.get()).slice()); !status.ok())
    return Verdict::broken("flush: " + status.message());
  const Letters letters = letters_of(given);
  const auto kept = std::count(letters.begin(), letters.end(), 'h');
  return kept == 0 ? Verdict::ok() : Verdict::broken("flush left " + std::to_string(kept) + " records held");
}

/// What a record is, as one text.
std::string whole(const Record& record) {
  std::string out(view(record.key()));
  out.append("\n").append(view(record.value())).append("\n").append(view(record.topic));
  for (const Header& header : record.headers.all())
    out.append("\n").append(view(header.name)).append(":").append(view(header.value));
  return out + "\n" + std::to_string(record.timestamp_ms) + " " + std::to_string(record.partition);
}

Verdict unchanged(Subject& subject) {
  if (subject.can(WEIR_MUTATES)) return Verdict::not_applicable("it says that it changes records");
  Instance<Transform> transform = make<Transform>(subject);
  start(*transform.plugin);
  Batch& batch = subject.good_batch(transform.engine.get(), 3);
  const std::vector<Record*> given = batch.records();
  std::vector<std::string> before;
  for (const Record* record : given) before.push_back(whole(*record));
  if (const Status status = try_apply(subject, *transform.plugin, batch); !status.ok())
    return Verdict::not_applicable("apply does not work: " + status.message());
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i]->fate == Fate::live && whole(*given[i]) != before[i])
      return Verdict::broken("a record was changed, and WEIR_MUTATES is not among its capabilities");
  }
  return Verdict::ok();
}

void take_away_unless_held(Batch& batch) {
  for (const Record* record : batch.records()) {
    if (record->fate == Fate::held) return;
  }
  batch.take_away();
}

Verdict no_memory_kept(Subject& subject) {
  Instance<Transform> transform = make<Transform>(subject);
  start(*transform.plugin);
  for (int calls = 0; calls < 3; ++calls) {
    Batch& batch = subject.good_batch(transform.engine.get(), 3);
    if (const Status status = try_apply(subject, *transform.plugin, batch); !status.ok())
      return Verdict::not_applicable("apply does not work: " + status.message());
    take_away_unless_held(batch);
  }
  std::int64_t next_ms = 0;
  static_cast<void>(transform->tick(subject.batch(transform.engine.get()).slice(), 1'700'000'000'000, next_ms));
  if (subject.can(WEIR_HOLDS)) static_cast<void>(transform->flush(subject.batch(transform.engine.get()).slice()));
  stop(*transform.plugin);
  return Verdict::ok();
}

}  // namespace

std::vector<Rule> transform_rules() {
  std::vector<Rule> rules = shared_rules<Transform>();
  rules.insert(rules.end(), {{"restart", "after stop, start may come again", restart<Transform>},
                             {"ownership", "no pointer to a record is used after its call", no_memory_kept},
                             {"empty_batch", "a batch may be empty", empty_batch},
                             {"bad_records", "a bad record hurts only itself", bad_records},
                             {"tombstones", "a null value does no harm", tombstones},
                             {"retry", "who asks for a repeated call has changed nothing",
                              nothing_seen<Transform, &Observations::touched_retries>},
                             {"held", "flush emits what is held", all_comes_out},
                             {"unchanged", "who does not say that it changes records changes none", unchanged}});
  return rules;
}

}  // namespace weir::host::contract
