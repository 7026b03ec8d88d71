// Any bytes as records of a spool, and as blocks in a segment of it with checksums that fit: nothing crashes or reads astray, the books
// balance, and tools see the same as the reader.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "memory_files.h"
#include "spool/crc32c.h"
#include "spool/inspect.h"
#include "spool/store.h"

using namespace weir::host;
using namespace weir::host::spool;

namespace {

constexpr Sequence kFirst = 1000;
constexpr std::size_t kFree = 60;  // bytes of a block's header that the input gives, behind the magic

class NoAcks final : public Acks {
  void ack(std::span<Record* const>, weir_status, const char*) noexcept override {}
};

void read_records(std::string_view bytes) {
  while (const std::size_t size = encoded_size(bytes)) {
    if (size > bytes.size()) std::abort();
    StoredRecord record;
    decode_stored(bytes.substr(0, size), record);
    bytes.remove_prefix(size);
  }
}

void write(test::MemoryFiles& files, const std::string& path, const std::string& bytes) {
  std::unique_ptr<File> file;
  const std::string_view parts[] = {bytes};
  std::uint64_t written = 0;
  if (files.open(path, FileSystem::Open::create, file) != 0 || file->write(0, parts, written) != 0) std::abort();
}

std::string little_endian(std::uint64_t number, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i, number >>= 8) text.push_back(static_cast<char>(number & 0xff));
  return text;
}

/// Blocks: of each the input gives most of the header, then a length and the payload.
std::string blocks_of(std::string_view input, std::uint32_t salt, Sequence& next) {
  std::string all;
  while (input.size() > kFree) {
    std::string header = "WBk\n" + std::string(input.substr(0, kFree));
    input.remove_prefix(kFree);
    const std::size_t size = std::min<std::size_t>(static_cast<unsigned char>(input[0]), input.size() - 1);
    const std::string payload(input.substr(1, size));
    input.remove_prefix(1 + size);
    header.resize(kBlockHeaderBytes - 4, '\0');
    header[4] &= 1;  // what no decoder takes is found soon enough elsewhere
    header[5] = 0;
    const auto count = static_cast<std::uint64_t>(header[8] & 0x1f);
    header.replace(8, 4, little_endian(count, 4));
    if ((header[12] & 1) == 0) header.replace(16, 8, little_endian(payload.size(), 8));
    if ((header[12] & 2) == 0) header.replace(32, 8, little_endian(next, 8));
    next += count;
    all += header + little_endian(crc32c(header, salt), 4) + payload + little_endian(crc32c(payload), 4);
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  start_log(LogLevel::error, LogFormat::text);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  read_records(input);

  test::MemoryFiles files(1);
  StateSlot slot;
  slot.generation = 1;
  slot.delivered = slot.durable = kFirst - 1;
  SegmentHeader header;
  header.first = kFirst;
  Sequence next = kFirst;
  const std::string blocks = blocks_of(input, salt_of(slot.spool), next);
  write(files, "/spool/state", encode(slot));
  write(files, "/spool/" + segment_name(kFirst), encode(header) + encode(header) + blocks);
  // Another behind it, so that nothing of the first is cut and all of it is read.
  header.first = next;
  header.ordinal = next - kFirst;
  if (next > kFirst) write(files, "/spool/" + segment_name(next), encode(header) + encode(header));

  Options options;
  options.folder = "/spool";
  Store store(options, files, Log());
  if (!store.open(std::nullopt, 5).ok()) return 0;
  NoAcks acks;
  MemoryMeter memory{1u << 30};
  const SliceHome home{&memory, &acks, nullptr};
  for (int i = 0; i < 10'000; ++i) {
    Slice slice(home);
    if (store.reader().read(slice, 0, Slice::kRecords, Slice::kBytes, 5).code() != WEIR_OK) break;
  }
  if (!store.figures(5).balanced()) std::abort();
  const auto inspector = Inspector::open(files, "/spool", "");
  if (!inspector || !(*inspector)->segments()) std::abort();
  static_cast<void>((*inspector)->verify(kFirst).ok());
  std::uint64_t seen = 0;
  static_cast<void>((*inspector)->read({}, [&](const SpooledRecord&) { return ++seen < 100'000; }));
  return 0;
}
