#include "cli/chaos/changed_sinks.h"

#include <algorithm>

#include "cli/chaos/mark.h"

namespace weir::host::cli::chaos {
namespace {

/// Bytes that are put and were not read back: the throw-away broker keeps 5 MiB a partition.
constexpr std::uint64_t kMostUnread = 2 << 20;
/// What is not read back by then was not delivered: it failed, or its worker was killed.
constexpr std::chrono::seconds kGivenUp{3};

std::uint64_t size_of(const Record& record) { return record.value().len + SharedPage::kMessageBytes; }

const Header* find_mark(const Headers& headers) {
  for (const Header& header : headers.all()) {
    if (view(header.name) == kMarkHeader) return &header;
  }
  return nullptr;
}

}  // namespace

Status MeteredSink::put(std::span<Record* const> records, std::size_t& taken) {
  taken = 0;
  const std::size_t room = fitting(records);
  if (room == 0) return {};
  Status status = PassingSink::put(records.first(room), taken);
  // Now that their edits are in their bytes. They live until the task has heard of their acknowledgements.
  for (const Record* record : records.first(std::min(taken, room))) page_.put += size_of(*record);
  return status;
}

std::size_t MeteredSink::fitting(std::span<Record* const> records) {
  std::uint64_t unread = unread_now();
  std::size_t count = 0;
  while (count < records.size() && unread < kMostUnread) unread += size_of(*records[count++]);
  return count;
}

std::uint64_t MeteredSink::unread_now() {
  const std::uint64_t read = page_.read.load();
  const std::uint64_t put = page_.put.load();
  if (put <= read) return 0;
  if (read != read_) {
    read_ = read;
    since_ = Clock::now();
  }
  if (put - read < kMostUnread || Clock::now() - since_ < kGivenUp) return put - read;
  page_.put = read;
  return 0;
}

Status MarkedLetters::put(std::span<Record* const> records, std::size_t& taken) {
  for (Record* record : records) {
    if (find_mark(record->headers) != nullptr) continue;  // it is offered again
    if (const Header* mark = find_mark(record->original_headers)) record->add_header(kMarkHeader, mark->value);
  }
  return PassingSink::put(records, taken);
}

}  // namespace weir::host::cli::chaos
