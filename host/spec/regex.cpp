#include "spec/regex.h"

#include <re2/re2.h>

namespace weir::host::spec {

Status check_regex(const std::string& pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  const RE2 regex(pattern, options);
  return regex.ok() ? Status() : Status::config(regex.error());
}

}  // namespace weir::host::spec
