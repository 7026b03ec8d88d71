// expect: bool flush.std::chrono::milliseconds timeout
#include <weir/sink.hpp>

struct Wrong {
  static constexpr auto name = "wrong";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Must not compile.";
  std::size_t put(weir::Batch& batch) { return batch.size(); }
#ifdef RIGHT
  bool flush(std::chrono::milliseconds) { return true; }
#else
  bool flush() { return true; }
#endif
};

WEIR_PLUGIN(Wrong)
