#include "spool/spool.h"

#include "spool/core.h"

namespace weir::host::spool {

Spool::Spool(Options options, FileSystem& files, std::function<std::int64_t()> now_ms, Log log)
    : core_(std::make_unique<Core>(options, files, std::move(now_ms), std::move(log))) {}

Spool::~Spool() = default;

BacklogFigures Spool::figures() const { return core_->figures(); }

void Spool::end_input() { core_->end_input(); }

void Spool::hold() { core_->hold(); }

void Spool::release() { core_->release(); }

}  // namespace weir::host::spool
