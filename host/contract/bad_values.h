#pragma once
#include <string>
#include <vector>

namespace weir::host::contract {

/// Values that are no JSON object a component could work on, each in its own way.
[[nodiscard]] inline std::vector<std::string> bad_values() {
  return {"",
          "no JSON",
          R"({"field":)",
          "{\"field\":\"\xff\xfe\"}",
          "[1,2]",
          R"({"field":1,"field":2})",
          std::string(1000, '['),
          std::string("{\"field\":\"\0\"}", 13)};
}

}  // namespace weir::host::contract
