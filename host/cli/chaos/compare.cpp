#include "cli/chaos/compare.h"

#include <filesystem>
#include <functional>

#include "cli/chaos/message.h"
#include "cli/dlq/file.h"

namespace weir::host::cli::chaos {
namespace {

Status check_is_file(const std::string& path) {
  std::error_code failed;
  const std::filesystem::file_status found = std::filesystem::status(path, failed);
  if (std::filesystem::is_directory(found)) return Status::config("'" + path + "' is a folder, not a file");
  if (std::filesystem::is_other(found)) return Status::config("'" + path + "' is no regular file");
  return {};  // whatever else is wrong with it, opening it tells
}

Status each_message(const std::string& path, const std::function<void(const Seen&)>& see) {
  if (Status is_file = check_is_file(path); !is_file.ok()) return is_file;
  auto file = LetterFile::open(path);
  if (!file) return file.status();
  LetterFile::Line line;
  while (file->next(line)) {
    const auto message = Message::parse(line.text);
    if (!message)
      return Status::data(path + ":" + std::to_string(line.number) +
                          ": no line of weir-consume: " + message.status().message());
    see(message->seen());
  }
  if (file->status().ok() && file->torn() > 0) return Status::data(path + ": its last line has no end");
  return file->status();
}

}  // namespace

Result<Verdict> compare(const std::string& expected, const std::string& arrived) {
  Oracle oracle(UnknownOrigin::one);
  if (Status read = each_message(expected, [&](const Seen& seen) { oracle.expect(seen); }); !read.ok()) return read;
  if (oracle.expected() == 0)
    return Status::data("the first file holds no message, so nothing could be lost: " + expected);
  oracle.seal();
  if (Status read = each_message(arrived, [&](const Seen& seen) { oracle.arrive(seen); }); !read.ok()) return read;
  return oracle.verdict();
}

}  // namespace weir::host::cli::chaos
