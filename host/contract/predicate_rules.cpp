#include "contract/bad_values.h"
#include "contract/common_rules.h"

namespace weir::host::contract {
namespace {

/// What the predicate says of the first and the last record of a batch.
Letters outer(Subject& subject, Predicate& predicate, Batch& batch, const char* kind) {
  std::vector<std::uint8_t> matches;
  if (const Status status = try_test(subject, predicate, batch, matches); !status.ok())
    break_off(Verdict::broken(std::string("beside ") + kind + " test says: " + status.message()));
  const auto letter = [](const Record* record, std::uint8_t match) {
    return record->fate == Fate::failed ? 'f' : match != 0 ? '1' : '0';
  };
  return {letter(batch.records().front(), matches.front()), letter(batch.records().back(), matches.back())};
}

Verdict harmless(Subject& subject, const std::vector<std::optional<std::string>>& values, const char* kind) {
  Instance<Predicate> predicate = make<Predicate>(subject);
  const Letters three = work(subject, predicate);
  const Letters expected{three[0], three[1]};
  for (const auto& value : values) {
    Batch& batch = subject.batch(predicate.engine.get());
    batch.add(subject.good_value(0));
    batch.add(value);
    batch.add(subject.good_value(1));
    if (outer(subject, *predicate.plugin, batch, kind) != expected)
      return Verdict::broken(std::string(kind) + " changed what it said of those beside it");
  }
  return Verdict::ok();
}

Verdict bad_records(Subject& subject) {
  const std::vector<std::string> values = bad_values();
  return harmless(subject, {values.begin(), values.end()}, "a bad record");
}

Verdict tombstones(Subject& subject) {
  if (!subject.can(WEIR_TOMBSTONES)) return Verdict::not_applicable("null values pass it by");
  return harmless(subject, {std::nullopt}, "a null value");
}

Verdict no_memory_kept(Subject& subject) {
  Instance<Predicate> predicate = make<Predicate>(subject);
  for (int calls = 0; calls < 3; ++calls) {
    Batch& batch = subject.good_batch(predicate.engine.get(), 3);
    std::vector<std::uint8_t> matches;
    if (const Status status = try_test(subject, *predicate.plugin, batch, matches); !status.ok())
      return Verdict::not_applicable("test does not work: " + status.message());
    batch.take_away();
  }
  return Verdict::ok();
}

}  // namespace

std::vector<Rule> predicate_rules() {
  std::vector<Rule> rules = shared_rules<Predicate>();
  rules.insert(rules.end(), {{"ownership", "no pointer to a record is used after its call", no_memory_kept},
                             {"bad_records", "a bad record hurts only itself", bad_records},
                             {"tombstones", "a null value does no harm", tombstones}});
  return rules;
}

}  // namespace weir::host::contract
