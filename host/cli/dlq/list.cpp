#include <cstdio>
#include <map>

#include "cli/dlq/dlq.h"
#include "cli/dlq/walk.h"
#include "cli/moment.h"

namespace weir::host::cli {
namespace {

/// A file of dead letters that is only looked at.
struct Look {
  LetterFile file;
  LetterSelection selection;
  Replayed replayed;
};

Result<Look> look_at(const DlqOptions& options) {
  auto selection = LetterSelection::from(options.letters, wall_clock_ms());
  if (!selection) return selection.status();
  auto file = LetterFile::open(options.file);
  if (!file) return file.status();
  auto replayed = Replayed::read(options.file, file->identity());
  if (!replayed) return replayed.status();
  return Look{*std::move(file), *std::move(selection), *std::move(replayed)};
}

std::string place_of(const Letter& letter) {
  std::string place = letter.message;
  if (!letter.field.empty()) place += ", at " + letter.field;
  if (!letter.partition.empty()) place += "; " + letter.partition;
  if (!letter.offset.empty()) place += (letter.partition.empty() ? "; " : " ") + letter.offset;
  if (letter.clone > 0) place += ", clone " + std::to_string(letter.clone);
  return place;
}

void print_row(const std::string& number, const std::string& code, const std::string& transform,
               const std::string& payload, const std::string& replayed, const std::string& message) {
  std::printf("%7s  %-8s  %-16s  %-9s  %-8s  %s\n", number.c_str(), printable(code).c_str(),
              printable(transform).c_str(), payload.c_str(), replayed.c_str(), printable(message).c_str());
}

void print_row(const SeenLine& seen) {
  const std::string number = std::to_string(seen.line.number);
  if (seen.letter == nullptr) return print_row(number, "-", "-", "-", "", "damaged: " + seen.damage);
  const Letter& letter = *seen.letter;
  print_row(number, letter.code, letter.transform.empty() ? "-" : letter.transform, payload_name(letter.payload),
            seen.replayed ? "yes" : "", place_of(letter));
}

void print_json(const SeenLine& seen) {
  ObjectWriter writer;
  writer.raw("number", std::to_string(seen.line.number));
  if (seen.letter == nullptr) {
    writer.text("damage", seen.damage);
  } else {
    seen.letter->write_facts(writer);
    if (seen.letter->record.timestamp_ms >= 0)
      writer.raw("timestamp_ms", std::to_string(seen.letter->record.timestamp_ms));
    writer.text("payload", payload_name(seen.letter->payload));
    writer.raw("replayed", seen.replayed ? "true" : "false");
  }
  std::printf("%s\n", writer.done().c_str());
}

/// How many letters are alike.
class Statistics {
 public:
  void add(const SeenLine& seen) {
    ++lines_;
    if (seen.letter == nullptr) {
      ++damaged_;
      return;
    }
    const Letter& letter = *seen.letter;
    ++kinds_[{letter.pipeline, letter.transform, letter.code, letter.message}];
    ++payloads_[payload_name(letter.payload)];
    if (seen.replayed) ++replayed_;
    const std::int64_t time = letter.record.timestamp_ms;
    if (time < 0) return;
    oldest_ = timed_ == 0 ? time : std::min(oldest_, time);
    newest_ = timed_ == 0 ? time : std::max(newest_, time);
    ++timed_;
  }

  [[nodiscard]] std::string json() const {
    std::string kinds;
    for (const auto& [kind, count] : kinds_) {
      ObjectWriter writer;
      writer.text_if_any("pipeline", kind.pipeline);
      writer.text_if_any("transform", kind.transform);
      writer.text_if_any("code", kind.code);
      writer.text_if_any("message", kind.message);
      writer.raw("letters", std::to_string(count));
      kinds += (kinds.empty() ? "" : ",") + writer.done();
    }
    ObjectWriter payloads;
    for (const auto& [name, count] : payloads_) payloads.raw(name, std::to_string(count));
    ObjectWriter writer;
    writer.raw("letters", std::to_string(lines_ - damaged_));
    writer.raw("damaged", std::to_string(damaged_));
    writer.raw("replayed", std::to_string(replayed_));
    writer.raw("payload", payloads.done());
    if (timed_ > 0) {
      writer.raw("oldest_ms", std::to_string(oldest_));
      writer.raw("newest_ms", std::to_string(newest_));
    }
    writer.raw("kinds", "[" + kinds + "]");
    return writer.done();
  }

  void print() const {
    std::printf("%llu letters, %llu replayed, %llu damaged lines\n", number(lines_ - damaged_), number(replayed_),
                number(damaged_));
    for (const auto& [name, count] : payloads_) std::printf("%10llu  payload %s\n", number(count), name.c_str());
    for (const auto& [kind, count] : kinds_) {
      const std::string transform = kind.transform.empty() ? "-" : kind.transform;
      std::printf("%10llu  %s  %s  %s  %s\n", number(count), printable(kind.pipeline).c_str(),
                  printable(transform).c_str(), printable(kind.code).c_str(), printable(kind.message).c_str());
    }
    if (timed_ > 0)
      std::printf("records of %s to %s (%llu have a time)\n", moment_text(oldest_).c_str(),
                  moment_text(newest_).c_str(), number(timed_));
  }

 private:
  struct Kind {
    std::string pipeline;
    std::string transform;
    std::string code;
    std::string message;
    auto operator<=>(const Kind&) const = default;
  };

  static unsigned long long number(std::uint64_t value) { return value; }
  std::uint64_t lines_ = 0;
  std::uint64_t damaged_ = 0;
  std::uint64_t replayed_ = 0;
  std::uint64_t timed_ = 0;
  std::int64_t oldest_ = 0;
  std::int64_t newest_ = 0;
  std::map<Kind, std::uint64_t> kinds_;
  std::map<std::string, std::uint64_t> payloads_;
};

}  // namespace

int dlq_list(const DlqOptions& options) {
  auto look = look_at(options);
  if (!look) return complain_of(look.status());
  if (!options.json) print_row("NUMBER", "CODE", "TRANSFORM", "PAYLOAD", "REPLAYED", "MESSAGE");
  std::uint64_t shown = 0;
  const Status status = walk_letters(look->file, look->selection, look->replayed, [&](const SeenLine& seen) {
    if (seen.chosen) options.json ? print_json(seen) : print_row(seen);
    if (seen.chosen) ++shown;
    const bool enough = look->selection.limit() > 0 && shown == look->selection.limit();
    return !enough && !look->selection.ends_before(seen.line.number + 1);
  });
  if (!status.ok()) return complain_of(status);
  tell_of_torn_line(look->file);
  return kExitDone;
}

int dlq_stats(const DlqOptions& options) {
  auto look = look_at(options);
  if (!look) return complain_of(look.status());
  Statistics statistics;
  const Status status = walk_letters(look->file, look->selection, look->replayed, [&](const SeenLine& seen) {
    if (seen.chosen) statistics.add(seen);
    return true;
  });
  if (!status.ok()) return complain_of(status);
  if (options.json) {
    std::printf("%s\n", statistics.json().c_str());
  } else {
    statistics.print();
  }
  tell_of_torn_line(look->file);
  return kExitDone;
}

}  // namespace weir::host::cli
