#include "pipeline/generation.h"

#include <algorithm>

namespace weir::host {
namespace {

/// Of two tasks' outcomes the one that counts for the pipeline.
void combine(Outcome& into, const Outcome& task) {
  into.exact = into.exact && task.exact;
  if (into.error.empty() || (task.state == RunState::failed && into.state != RunState::failed)) into.error = task.error;
  into.state = std::max(into.state, task.state);  // running < finished < stopped < failed
}

/// All tasks of all legs have the same share of the memory.
PipelineSettings settings_of(LegKind kind, const PipelineSettings& whole) {
  PipelineSettings leg = whole;
  leg.leg = kind;
  if (kind == LegKind::whole) return leg;
  const std::uint64_t share = whole.memory / (whole.tasks + 1);
  if (kind == LegKind::drain) {
    leg.tasks = 1;
    leg.source_resumable = true;
  } else {
    leg.tap = nullptr;  // it looks at what goes to the sink
  }
  leg.memory = share * leg.tasks;
  return leg;
}

}  // namespace

Generation::Generation(PipelinePlan plan, std::function<void()> ended)
    : plan_(std::move(plan)),
      log_(Log().with("pipeline", settings_.name)),
      overflow_(plan_.open_overflow ? plan_.open_overflow() : nullptr),
      backlog_(plan_.open_backlog ? plan_.open_backlog() : nullptr),
      on_end_(std::move(ended)) {
  add_leg(backlog_ ? LegKind::ingest : LegKind::whole, plan_.open_store);
  if (backlog_) add_leg(LegKind::drain, plan_.open_backlog_store);
}

Generation::~Generation() {
  request_stop();
  for (auto& leg : legs_) leg->join();  // before any of them goes: their tasks look at all of them when they end
}

void Generation::add_leg(LegKind kind, const std::function<std::unique_ptr<CheckpointStore>()>& open_store) {
  const Log log = kind == LegKind::whole ? log_ : log_.with("leg", kind == LegKind::ingest ? "ingest" : "drain");
  legs_.push_back(std::make_unique<Leg>(settings_of(kind, settings_), open_store ? open_store() : nullptr, log));
}

Status Generation::build() {
  for (auto& leg : legs_) {
    Status status = leg->build([this](const TaskSeat& seat) { return build_task(seat); });
    if (!status.ok()) return status;
  }
  return {};
}

Result<TaskParts> Generation::build_task(const TaskSeat& seat) {
  Result<TaskParts> parts = plan_.build(seat);
  if (!parts) return parts;
  parts->overflow = overflow_.get();
  if (seat.leg == LegKind::ingest) parts->sink = backlog_->make_sink();
  if (seat.leg == LegKind::drain) parts->source = backlog_->make_source(*seat.positions);
  return parts;
}

void Generation::start() {
  started_ = Clock::now();
  for (auto& leg : legs_) {
    if (Status status = leg->load(); !status.ok()) return end_with({RunState::failed, status.message(), true});
  }
  first_running_ = legs_.front()->size();
  for (const auto& leg : legs_) running_ += leg->size();
  for (auto& leg : legs_) leg->start([this, &leg = *leg](const Outcome& outcome) { task_ended(leg, outcome); });
}

void Generation::request_stop() noexcept {
  for (auto& leg : legs_) leg->request_stop();
}

bool Generation::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

bool Generation::took_over() const {
  return std::all_of(legs_.begin(), legs_.end(), [](const auto& leg) { return leg->has_started(); });
}

PipelineSummary Generation::summary() const {
  PipelineSummary summary;
  summary.name = settings_.name;
  summary.tap = settings_.tap;
  const std::lock_guard lock(mutex_);
  for (const auto& leg : legs_) summary.checkpoint += leg->checkpoint();
  summary.figures = figures();
  if (backlog_) add_backlog(summary, ended_);
  summary.ledger = summary.figures.ledger;
  if (ended_) summary.outcome = outcome_;
  if (started_ != Clock::time_point{}) {
    summary.seconds = std::chrono::duration<double>((ended_ ? ended_at_ : Clock::now()) - started_).count();
  }
  return summary;
}

Figures Generation::figures() const {
  Figures figures;
  for (const auto& leg : legs_) figures += leg->figures();
  return figures;
}

/// Asked after the tasks, which show what they count a little later than the spool counts it.
void Generation::add_backlog(PipelineSummary& summary, bool at_end) const {
  const BacklogFigures backlog = backlog_->figures();
  Ledger& ledger = summary.figures.ledger;
  ledger.backlog_start += backlog.start;
  ledger.backlog_end += backlog.records;
  ledger.expired += backlog.expired;
  ledger.dropped += backlog.damaged;
  const std::uint64_t spooled_unseen = at_end ? 0 : backlog.spooled - ledger.spooled;
  const std::uint64_t taken_unseen = at_end ? 0 : backlog.taken - ledger.taken;
  ledger.taken = spooled_unseen;
  ledger.spooled = taken_unseen;
  summary.backlog = {backlog, legs_.front()->has_started(), legs_.back()->has_started()};
}

void Generation::task_ended(const Leg& leg, const Outcome& outcome) {
  if (outcome.state == RunState::failed) request_stop();
  bool filled = false;  // nothing more will come into the spool
  bool last = false;
  {
    const std::lock_guard lock(mutex_);
    combine(outcome_, outcome);
    if (&leg == legs_.front().get()) {
      combine(outcome_of_first_, outcome);
      filled = --first_running_ == 0 && outcome_of_first_.state == RunState::finished;
    }
    last = --running_ == 0;
  }
  if (filled && backlog_) backlog_->end_input();
  if (last) end_with({});
}

/// `outcome`: beside those of the tasks.
void Generation::end_with(const Outcome& outcome) {
  if (backlog_) backlog_->close();
  {
    const std::lock_guard lock(mutex_);
    combine(outcome_, outcome);
    say_how_it_ended();
    ended_ = true;
    ended_at_ = Clock::now();
  }
  check_books();
  on_end_();  // without the lock: who hears it asks ended()
}

/// What the legs say they gave to the spool and took from it is what the spool says.
void Generation::check_books() const {
  if (!backlog_) return;
  const Ledger legs = figures().ledger;
  const Ledger whole = summary().ledger;
  const BacklogFigures backlog = backlog_->figures();
  const bool agree = legs.spooled == backlog.spooled && legs.taken == backlog.taken;
  if (agree && backlog.balanced() && whole.balanced()) return;
  log_.alarm("ledger_imbalance", "The books of the pipeline and of its spool do not balance.",
             {{"ledger", whole.text()}, {"legs", legs.text()}, {"spool", backlog.text()}});
}

void Generation::say_how_it_ended() const {
  const Ledger ledger = figures().ledger;
  if (outcome_.state == RunState::failed) {
    log_.error("The pipeline failed.", {{"error", outcome_.error}});
  } else if (!outcome_.error.empty()) {
    log_.error("The pipeline was stopped.", {{"error", outcome_.error}});
  } else if (outcome_.state == RunState::finished && legs_.front()->was_finished() && ledger.read + ledger.taken == 0) {
    log_.info("The source is already at the end; --fresh reads again.");
  }
  if (!backlog_) return;
  const std::uint64_t left = backlog_->figures().records + legs_.back()->figures().ledger.in_flight;
  if (left > 0) log_.info("Records wait in the spool for the next run.", {{"records", left}, {"spool", plan_.spool}});
}

}  // namespace weir::host
