#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

#include "unpacking/unpackers.h"

namespace weir::plugins {
namespace {

constexpr int kGzipOnly = 15 + 16;  // zlib: the largest window, and a gzip header

class GzipUnpacker final : public Unpacker {
 public:
  GzipUnpacker() {
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~GzipUnpacker() override { inflateEnd(&stream_); }
  GzipUnpacker(const GzipUnpacker&) = delete;
  GzipUnpacker& operator=(const GzipUnpacker&) = delete;

  Step unpack(std::span<const char> in, std::span<char> out) override {
    std::size_t padding = 0;
    if (state_ == State::between && has_read_) {
      // Some writers fill the last block with zeros; gzip(1) passes over them too.
      while (padding < in.size() && in[padding] == '\0') ++padding;
      in = in.subspan(padding);
    }
    if (state_ == State::broken || (in.empty() && state_ == State::between)) return {padding, 0, state_};
    if (state_ == State::between && has_read_) inflateReset(&stream_);
    Step step = inflate_some(in, out);
    step.taken += padding;
    return step;
  }

 private:
  Step inflate_some(std::span<const char> in, std::span<char> out) {
    constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
    const auto in_size = static_cast<uInt>(std::min(in.size(), kMost));
    const auto out_size = static_cast<uInt>(std::min(out.size(), kMost));
    // zlib reads it only; its interface is older than const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = in_size;
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = out_size;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    has_read_ = true;
    state_ = result == Z_STREAM_END                    ? State::between
             : result == Z_OK || result == Z_BUF_ERROR ? State::inside
                                                       : State::broken;
    return {in_size - stream_.avail_in, out_size - stream_.avail_out, state_};
  }

  z_stream stream_{};
  State state_ = State::between;
  bool has_read_ = false;
};

}  // namespace

std::unique_ptr<Unpacker> make_gzip_unpacker() { return std::make_unique<GzipUnpacker>(); }

}  // namespace weir::plugins
