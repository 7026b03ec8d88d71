#include <zstd.h>

#include <new>

#include "unpacking/unpackers.h"

namespace weir::plugins {
namespace {

struct Free {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

/// Its window is at most 128 MiB, zstd's own default: a stream that wants more is broken to it.
class ZstdUnpacker final : public Unpacker {
 public:
  ZstdUnpacker() : context_(ZSTD_createDCtx()) {
    if (!context_) throw std::bad_alloc();
  }

  Step unpack(std::span<const char> in, std::span<char> out) override {
    if (state_ == State::broken || (state_ == State::between && in.empty())) return {0, 0, state_};
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t wanted = ZSTD_decompressStream(context_.get(), &to, &from);
    state_ = ZSTD_isError(wanted) != 0 ? State::broken : wanted == 0 ? State::between : State::inside;
    return {from.pos, to.pos, state_};
  }

 private:
  std::unique_ptr<ZSTD_DCtx, Free> context_;
  State state_ = State::between;
};

}  // namespace

std::unique_ptr<Unpacker> make_zstd_unpacker() { return std::make_unique<ZstdUnpacker>(); }

}  // namespace weir::plugins
