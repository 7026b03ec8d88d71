#include "spool/core.h"

namespace weir::host::spool {
namespace {

class SpoolSource final : public Source {
 public:
  SpoolSource(std::shared_ptr<Spool> spool, Core& core, Positions& positions)
      : spool_(std::move(spool)), core_(core), positions_(positions) {
    core_.set_positions(&positions_);
  }
  ~SpoolSource() override {
    stop();
    core_.set_positions(nullptr);
  }

  Status start() override {
    if (started_) return {};
    if (Status status = core_.enter(); !status.ok()) return status;
    Status status = core_.begin_reading();
    started_ = status.ok();
    if (!started_) core_.leave();
    return status;
  }

  Status poll(Slice& into, const PollLimits& limits) override {
    const auto deadline = Gather::Clock::now() + limits.timeout;
    Status status = read(into, limits);
    if (status.code() == WEIR_NOT_FOUND && limits.timeout.count() > 0) {
      core_.wait_for_records(deadline);
      status = read(into, limits);
    }
    if (status.code() == WEIR_NOT_FOUND) return {};
    if (status.code() == WEIR_E_CONFIG) return Status::fatal(status.message());
    return status;
  }

  void settled(std::span<const weir_settled>) noexcept override {}  // the checkpoint tells
  void wake() noexcept override { core_.wake_reader(); }
  void stop() noexcept override {
    if (!started_) return;
    started_ = false;
    core_.leave();
  }

 private:
  /// END: nothing is left, and nothing will come.
  Status read(Slice& into, const PollLimits& limits) {
    const bool ended = core_.input_ended();
    Status status = core_.read(into, positions_.partition(kPartition), limits);
    if (ended && status.code() == WEIR_NOT_FOUND) return {WEIR_END, ""};
    return status;
  }

  const std::shared_ptr<Spool> spool_;  // shared with the other ends; core_ is in it
  Core& core_;
  Positions& positions_;
  bool started_ = false;
};

}  // namespace

std::unique_ptr<Source> make_source(std::shared_ptr<Spool> spool, Positions& positions) {
  Core& core = *spool->core_;
  return std::make_unique<SpoolSource>(std::move(spool), core, positions);
}

}  // namespace weir::host::spool
