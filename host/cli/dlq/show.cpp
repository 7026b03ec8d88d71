#include <cstdio>

#include "cli/dlq/dlq.h"
#include "cli/dlq/file.h"
#include "cli/dlq/letter.h"

namespace weir::host::cli {
namespace {

/// The letter as it would stand in the file if it were not encrypted.
std::string envelope_of(const Letter& letter, const LetterRecord& record) {
  ObjectWriter writer;
  writer.bytes("topic", record.topic);
  writer.bytes("key", record.key);
  writer.bytes("value", record.value);
  std::string headers;
  for (const auto& [name, value] : record.headers)
    headers += (headers.empty() ? "[[" : ",[") + json_bytes(name) + "," + json_bytes(value) + "]";
  if (!headers.empty()) writer.raw("headers", headers + "]");
  if (record.timestamp_ms >= 0) writer.raw("timestamp_ms", std::to_string(record.timestamp_ms));
  letter.write_facts(writer);
  return writer.done();
}

/// The line of that number.
Result<LetterFile::Line> find_line(LetterFile& file, std::uint64_t number) {
  LetterFile::Line line;
  while (file.next(line)) {
    if (line.number == number) return line;
  }
  if (!file.status().ok()) return file.status();
  return Status::config("'" + file.path() + "' has no line " + std::to_string(number) + ", the last one is " +
                        std::to_string(line.number));
}

/// Those that the options name, if they name any.
Result<std::optional<crypto::KeyRing>> find_keys(const CommonOptions& common, const DlqOptions& options) {
  if (!options.secret_file.empty()) {
    auto keys = keys_from_file(options.secret_file);
    if (!keys) return keys.status();
    return std::optional(*std::move(keys));
  }
  if (options.pipeline.empty()) return std::optional<crypto::KeyRing>();
  auto pipeline = load_one_pipeline(common, options.pipeline);
  if (!pipeline) return pipeline.status();
  return keys_of(*pipeline);
}

int show(const Letter& letter, const crypto::KeyRing* keys) {
  if (letter.payload == Letter::Payload::none) {
    std::printf("%s\n", envelope_of(letter, letter.record).c_str());
    return kExitDone;
  }
  const auto record = letter.open(keys);
  if (!record)
    return complain("the letter cannot be opened: " + record.status().message(),
                    record.status().code() == WEIR_E_CONFIG ? kExitUsage : kExitFailed);
  std::printf("%s\n", envelope_of(letter, *record).c_str());
  return kExitDone;
}

}  // namespace

int dlq_show(const CommonOptions& common, const DlqOptions& options) {
  auto file = LetterFile::open(options.file);
  if (!file) return complain_of(file.status());
  const auto line = find_line(*file, options.number);
  if (!line) return complain_of(line.status());
  const auto letter = Letter::parse(line->text);
  if (!letter)
    return complain("line " + std::to_string(options.number) + " is damaged: " + letter.status().message(),
                    kExitFailed);
  const auto keys = find_keys(common, options);
  if (!keys) return complain_of(keys.status());
  return show(*letter, *keys ? &**keys : nullptr);
}

}  // namespace weir::host::cli
