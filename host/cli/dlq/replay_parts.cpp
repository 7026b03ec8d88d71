#include "cli/dlq/replay_parts.h"

#include <cstdio>

#include "cli/no_sink.h"
#include "cli/passing_sink.h"

namespace weir::host::cli {
namespace {

/// A transform as it is; after each call it is seen how many clones there are.
class Watched final : public Transform {
 public:
  Watched(std::unique_ptr<Transform> inner, LettersOnTheWay& on_the_way)
      : inner_(std::move(inner)), on_the_way_(on_the_way) {}

  Status start() override { return inner_->start(); }
  Status apply(std::span<Record* const> records, Slice& slice) override {
    Status status = inner_->apply(records, slice);
    on_the_way_.look_at(slice);
    return status;
  }
  Status tick(Slice& slice, std::int64_t now_ms, std::int64_t& next_ms) override {
    return inner_->tick(slice, now_ms, next_ms);
  }
  Status flush(Slice& slice) override { return inner_->flush(slice); }
  void stop() noexcept override { inner_->stop(); }

 private:
  std::unique_ptr<Transform> inner_;
  LettersOnTheWay& on_the_way_;
};

/// Chooses as another predicate does, or all, but no record that had gone through the spool.
class NotFromSpool final : public Predicate {
 public:
  NotFromSpool(Predicate* inner, bool negate, const LettersOnTheWay& on_the_way)
      : inner_(inner), negate_(negate), on_the_way_(on_the_way) {}

  Status test(std::span<Record* const> records, std::span<std::uint8_t> matches) override {
    asked_.clear();
    for (Record* record : records) {
      if (!is_from_spool(*record)) asked_.push_back(record);
    }
    answers_.assign(asked_.size(), 1);
    if (inner_ != nullptr && !asked_.empty()) {
      if (Status status = inner_->test(asked_, answers_); !status.ok()) return status;
    }
    std::size_t next = 0;
    for (std::size_t i = 0; i < records.size(); ++i)
      matches[i] = is_from_spool(*records[i]) ? (negate_ ? 1 : 0) : answers_[next++];
    return {};
  }

 private:
  [[nodiscard]] bool is_from_spool(const Record& record) const {
    const LetterOnTheWay* letter = on_the_way_.find(record.origin->token);
    return letter != nullptr && letter->from_spool;
  }

  Predicate* inner_;  // null: it chooses all
  const bool negate_;
  const LettersOnTheWay& on_the_way_;
  std::vector<Record*> asked_;
  std::vector<std::uint8_t> answers_;
};

class OnlyWanted final : public Transform {
 public:
  OnlyWanted(const LettersOnTheWay& on_the_way, std::uint64_t& unwanted)
      : on_the_way_(on_the_way), unwanted_(unwanted) {}

  Status start() override { return {}; }
  Status apply(std::span<Record* const> records, Slice&) override {
    for (Record* record : records) {
      if (on_the_way_.wants(*record)) continue;
      record->fate = Fate::filtered;
      ++unwanted_;
    }
    return {};
  }
  Status tick(Slice&, std::int64_t, std::int64_t&) override { return {}; }
  Status flush(Slice&) override { return {}; }
  void stop() noexcept override {}

 private:
  const LettersOnTheWay& on_the_way_;
  std::uint64_t& unwanted_;
};

class OnlyWantedLetters final : public PassingSink {
 public:
  OnlyWantedLetters(std::unique_ptr<Sink> inner, const LettersOnTheWay& on_the_way, std::uint64_t& unwanted)
      : PassingSink(std::move(inner)), on_the_way_(on_the_way), unwanted_(unwanted) {}

  Status put(std::span<Record* const> records, std::size_t& taken) override {
    wanted_.clear();
    for (Record* record : records) {
      if (on_the_way_.wants(*record)) wanted_.push_back(record);
    }
    std::size_t taken_of_wanted = 0;
    const Status status = wanted_.empty() ? Status() : PassingSink::put(wanted_, taken_of_wanted);
    // Up to the first wanted one that was not taken.
    for (taken = 0; taken < records.size(); ++taken) {
      Record* const record = records[taken];
      if (!on_the_way_.wants(*record)) {
        record->slice->home().acks->ack({&record, 1}, WEIR_OK, "");
        ++unwanted_;
      } else if (taken_of_wanted-- == 0) {
        break;
      }
    }
    return status;
  }

 private:
  const LettersOnTheWay& on_the_way_;
  std::uint64_t& unwanted_;
  std::vector<Record*> wanted_;
};

/// Says what is bad of which letter.
class DrySink final : public NoSink {
 public:
  explicit DrySink(const LettersOnTheWay& on_the_way) : on_the_way_(on_the_way) {}

  Status put(std::span<Record* const> records, std::size_t& taken) override {
    for (const Record* record : records) {
      if (record->fate == Fate::failed) tell(*record);
    }
    return NoSink::put(records, taken);
  }

 private:
  void tell(const Record& record) const {
    const Failure& failure = *record.failure;
    const LetterOnTheWay* letter = on_the_way_.find(record.origin->token);
    std::string text(failure.stage);
    text.append(": ").append(failure.reason);
    if (!failure.at.empty()) text.append(", at ").append(failure.at);
    std::printf("line %llu would be bad again: %s\n",
                static_cast<unsigned long long>(letter == nullptr ? 0 : letter->number), text.c_str());
  }

  const LettersOnTheWay& on_the_way_;
};

}  // namespace

void make_replay(TaskParts& parts, LetterSource::Setup& setup, LettersOnTheWay& on_the_way, LetterCounts& counts,
                 Positions& positions, std::size_t largest_record, std::size_t before_spool) {
  parts.source = std::make_unique<LetterSource>(setup, on_the_way, counts, positions, largest_record);
  for (std::size_t i = 0; i < before_spool; ++i) {
    Stage& stage = parts.stages[i];
    if (stage.predicate == nullptr) stage.predicate_sees_null = (stage.capabilities & WEIR_TOMBSTONES) != 0;
    auto predicate = std::make_unique<NotFromSpool>(stage.predicate, stage.negate, on_the_way);
    stage.predicate = predicate.get();
    parts.predicates.push_back(std::move(predicate));
  }
  for (Stage& stage : parts.stages) stage.transform = std::make_unique<Watched>(std::move(stage.transform), on_the_way);
  Stage& last = parts.stages.emplace_back();
  last.name = "replay";
  last.capabilities = WEIR_TOMBSTONES | WEIR_STATELESS;
  last.transform = std::make_unique<OnlyWanted>(on_the_way, counts.unwanted);
  if (setup.dry) {
    parts.seal.reset();
    parts.sink = std::make_unique<DrySink>(on_the_way);
    if (parts.dead_letter != nullptr) parts.dead_letter = std::make_unique<DrySink>(on_the_way);
  }
  if (parts.dead_letter == nullptr) return;
  parts.dead_letter =
      std::make_unique<OnlyWantedLetters>(std::move(parts.dead_letter), on_the_way, counts.unwanted_bad);
}

}  // namespace weir::host::cli
