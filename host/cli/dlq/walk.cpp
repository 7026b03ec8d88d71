#include "cli/dlq/walk.h"

#include <cstdio>

namespace weir::host::cli {

Status walk_letters(LetterFile& file, const LetterSelection& selection, const Replayed& replayed,
                    const std::function<bool(const SeenLine&)>& see) {
  std::uint64_t left = selection.limit() == 0 ? UINT64_MAX : selection.limit();
  LetterFile::Line line;
  while (file.next(line)) {
    const Result<Letter> letter =
        line.too_long ? Status::data("it is longer than a dead letter can be") : Letter::parse(line.text);
    const std::string damage = letter.status().message();
    const bool was_replayed = replayed.contains(line.offset, line.text);
    const bool meant =
        letter ? selection.takes(line.number, *letter, was_replayed) : selection.takes_damaged(line.number);
    const bool chosen = meant && left > 0;
    if (chosen) --left;
    const SeenLine seen{line, letter ? &*letter : nullptr, damage, was_replayed, chosen};
    if (!see(seen)) break;
  }
  return file.status();
}

void tell_of_torn_line(const LetterFile& file) {
  if (file.torn() == 0) return;
  std::fprintf(
      stderr,
      "weir: the last line of '%s' has no end yet (%llu bytes): it is being written, or a crash tore it and its "
      "record comes again\n",
      file.path().c_str(), static_cast<unsigned long long>(file.torn()));
}

}  // namespace weir::host::cli
