#pragma once
#include "pipeline/io.h"

namespace weir::host::cli {

/// Takes all and writes nothing, for --dry-run.
class NoSink : public Sink {
 public:
  Status start() override { return {}; }
  Status put(std::span<Record* const> records, std::size_t& taken) override {
    taken = records.size();
    if (taken > 0) records.front()->slice->home().acks->ack(records, WEIR_OK, "");
    return {};
  }
  Status service(Milliseconds) override { return {}; }
  Status flush(Milliseconds) override { return {}; }
  void stop() noexcept override {}
};

}  // namespace weir::host::cli
