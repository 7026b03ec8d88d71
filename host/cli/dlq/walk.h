#pragma once
#include <functional>
#include <string>

#include "cli/dlq/file.h"
#include "cli/dlq/letter.h"
#include "cli/dlq/replayed.h"
#include "cli/dlq/select.h"

namespace weir::host::cli {

/// A line of a file of dead letters, looked into.
struct SeenLine {
  const LetterFile::Line& line;
  const Letter* letter;       // null: it is damaged
  const std::string& damage;  // what is wrong with it
  bool replayed;
  bool chosen;
};

/// Shows every line to `see`, chosen or not, until that says false. The selection's limit is kept.
[[nodiscard]] Status walk_letters(LetterFile& file, const LetterSelection& selection, const Replayed& replayed,
                                  const std::function<bool(const SeenLine&)>& see);

/// Says on standard error that the file ends in a line without end, if it does.
void tell_of_torn_line(const LetterFile& file);

}  // namespace weir::host::cli
