#pragma once
#include <memory>
#include <span>
#include <utility>

#include "pipeline/io.h"

namespace weir::host::cli {

/// A sink, passed on.
class PassingSink : public Sink {
 public:
  explicit PassingSink(std::unique_ptr<Sink> inner) : inner_(std::move(inner)) {}

  Status start() override { return inner_->start(); }
  Status put(std::span<Record* const> records, std::size_t& taken) override { return inner_->put(records, taken); }
  Status service(Milliseconds timeout) override { return inner_->service(timeout); }
  Status flush(Milliseconds timeout) override { return inner_->flush(timeout); }
  void stop() noexcept override { inner_->stop(); }

 private:
  std::unique_ptr<Sink> inner_;
};

}  // namespace weir::host::cli
