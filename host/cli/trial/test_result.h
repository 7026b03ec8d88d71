#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/trial/test_file.h"
#include "record/record.h"

namespace weir::host::cli {

/// A record that would have reached the sink.
struct CameRecord {
  explicit CameRecord(const Record& record);

  std::optional<std::string> key;
  std::optional<std::string> value;
  std::optional<std::string> topic;
  TestHeaders headers;
  std::string envelope;  // all of it, for people
};

/// What a test's input came to.
struct TestResult {
  std::vector<CameRecord> records;
  std::vector<std::string> bad_records;  // how each was refused, without payload
  std::string error;                     // a call failed, such as start; empty: none did
};

/// What is otherwise than the test expects, as lines for people; none: it passed.
[[nodiscard]] std::vector<std::string> differences(const TestCase& test, const TestResult& result);

}  // namespace weir::host::cli
