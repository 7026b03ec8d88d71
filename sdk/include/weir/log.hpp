#pragma once
#include <weir/abi.h>

#include <string_view>

#include "weir/path.hpp"

namespace weir {

/// The instance's log. A sentence, then `key=value` pairs: log.warn("Reconnecting. host=localhost attempt=3"). Normal operation
/// logs nothing; no record data above trace. Copies cost two pointers; any thread, as long as the instance lives.
class Log {
 public:
  Log(const weir_host* host, weir_ctx* ctx) : host_(host), ctx_(ctx) {}

  void error(std::string_view text) const { write(WEIR_LOG_ERROR, text); }
  void warn(std::string_view text) const { write(WEIR_LOG_WARN, text); }
  void info(std::string_view text) const { write(WEIR_LOG_INFO, text); }
  void debug(std::string_view text) const { write(WEIR_LOG_DEBUG, text); }
  void trace(std::string_view text) const { write(WEIR_LOG_TRACE, text); }
  /// WEIR_LOG_ERROR … WEIR_LOG_TRACE, for a level known at run time.
  void write(int level, std::string_view text) const { host_->log(ctx_, level, detail::to_c(text)); }
  /// Whether a line of that level would be kept: ask before composing a costly one.
  [[nodiscard]] bool enabled(int level) const { return level <= host_->log_level(ctx_); }

  /// Something a person must look at: an error line alarm=NAME, at most one a minute for each name, and a metric.
  void alarm(const char* name, std::string_view text) const { host_->alarm(ctx_, name, detail::to_c(text)); }

 private:
  const weir_host* host_;
  weir_ctx* ctx_;
};

}  // namespace weir
