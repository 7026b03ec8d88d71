#pragma once
#include <string>

#include "record/record.h"

namespace weir::host {

/// Makes of the record of a dead letter a text that only who has the secret can read. Wired by the command line, one a task. [task]
class LetterSeal {
 public:
  virtual ~LetterSeal() = default;
  /// Of its original key, value and headers, its timestamp, and `topic`: the one it had when it failed.
  [[nodiscard]] virtual std::string seal(const Record& record, Bytes topic) = 0;
};

}  // namespace weir::host
