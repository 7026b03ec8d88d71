#include "cli/chaos/letters.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/chaos/mark.h"
#include "cli/chaos/message.h"
#include "cli/dlq/file.h"
#include "cli/dlq/letter.h"

namespace weir::host::cli::chaos {
namespace {

/// The mark among the line's headers, which are in plain whatever the payload is; "": there is none.
std::string mark_in(std::string_view line) {
  if (line.find(kMarkHeader) == std::string_view::npos) return {};
  const auto json = nlohmann::json::parse(line, nullptr, false);
  const auto headers = json.find("headers");
  if (headers == json.end() || !headers->is_array()) return {};
  for (const auto& header : *headers) {
    const bool is_pair = header.is_array() && header.size() == 2 && header[0].is_string() && header[1].is_string();
    if (is_pair && header[0].get<std::string>() == kMarkHeader) return header[1].get<std::string>();
  }
  return {};
}

}  // namespace

Status each_letter(const std::string& path, const std::function<void(const Seen&)>& see) {
  if (!std::filesystem::exists(path)) return {};
  auto file = LetterFile::open(path);
  if (!file) return file.status();
  LetterFile::Line line;
  while (file->next(line)) {
    const auto letter = Letter::parse(line.text);
    if (!letter) return Status::data(path + ":" + std::to_string(line.number) + ": " + letter.status().message());
    std::string mark = mark_in(line.text);
    if (mark.empty()) mark = mark_text(letter->partition, letter->offset);
    const Mark from = split_mark(mark);
    const std::string which =
        letter_of(letter->clone > 0 ? std::to_string(letter->clone) : std::string(), letter->transform);
    Seen seen;
    seen.topic = kLetters;
    seen.offset = static_cast<std::int64_t>(line.number);
    seen.value = which;
    seen.source_partition = from.partition;
    seen.source_offset = from.offset;
    see(seen);
  }
  return file->status();
}

}  // namespace weir::host::cli::chaos
