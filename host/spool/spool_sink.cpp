#include "spool/core.h"

namespace weir::host::spool {
namespace {

class SpoolSink final : public Sink {
 public:
  SpoolSink(std::shared_ptr<Spool> spool, Core& core) : spool_(std::move(spool)), core_(core) {}
  ~SpoolSink() override { stop(); }

  Status start() override {
    if (started_) return {};
    Status status = core_.enter();
    started_ = status.ok();
    return status;
  }
  Status put(std::span<Record* const> records, std::size_t& taken) override {
    return core_.gather().put(owner_, records, taken);
  }
  Status service(Milliseconds timeout) override { return core_.gather().wait(owner_, timeout); }
  Status flush(Milliseconds timeout) override { return core_.gather().flush(owner_, timeout); }
  void stop() noexcept override {
    if (!started_) return;
    started_ = false;
    core_.gather().give_back(owner_);
    core_.leave();
  }

 private:
  const std::shared_ptr<Spool> spool_;  // shared with the other ends; core_ is in it
  Core& core_;
  Gather::Owner owner_;
  bool started_ = false;
};

}  // namespace

std::unique_ptr<Sink> make_sink(std::shared_ptr<Spool> spool) {
  Core& core = *spool->core_;
  return std::make_unique<SpoolSink>(std::move(spool), core);
}

}  // namespace weir::host::spool
