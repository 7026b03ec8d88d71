// expect: a sink std::size_t put.weir::Batch&
#include <weir/sink.hpp>

struct Wrong {
  static constexpr auto name = "wrong";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Must not compile.";

#ifdef RIGHT
  std::size_t put(weir::Batch& batch) { return batch.size(); }
#else
  void put(weir::Batch&) {}
#endif
};

WEIR_PLUGIN(Wrong)
