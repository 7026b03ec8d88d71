#include "checkpoint/format.h"

#include <array>
#include <functional>

namespace weir::host {
namespace {

constexpr std::string_view kMagic = "WEIRCKPT";
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kFinished = 1;  // flag
constexpr std::size_t kChecksum = 4;
constexpr std::size_t kSmallest = kMagic.size() + 4 + 4 + 4 + 4 + kChecksum;

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0xedb88320u : 0u);
    table[i] = value;
  }
  return table;
}

constexpr auto kCrcTable = make_crc_table();

void put_number(std::string& to, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) to += static_cast<char>((number >> shift) & 0xff);
}

void put_map(std::string& to, const std::map<std::string, std::string>& map) {
  put_number(to, static_cast<std::uint32_t>(map.size()));
  for (const auto& [key, value] : map) {
    for (const std::string& text : {std::cref(key), std::cref(value)}) {
      put_number(to, static_cast<std::uint32_t>(text.size()));
      to += text;
    }
  }
}

/// Reads from the front of some bytes; once there were too few, everything else fails too.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint32_t number() {
    const std::string_view bytes = take(4);
    std::uint32_t number = 0;
    for (std::size_t i = bytes.size(); i > 0; --i) number = number << 8 | static_cast<unsigned char>(bytes[i - 1]);
    return number;
  }

  std::string_view take(std::size_t size) {
    if (size > rest_.size()) {
      failed_ = true;
      rest_ = {};
      return {};
    }
    const std::string_view front = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return front;
  }

  void map(std::map<std::string, std::string>& into) {
    for (std::uint32_t left = number(); left > 0 && !failed_; --left) {
      const std::string_view key = take(number());
      into.insert_or_assign(std::string(key), std::string(take(number())));
    }
  }

  [[nodiscard]] bool complete() const { return !failed_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace

std::uint32_t crc32_of(std::string_view bytes) {
  std::uint32_t crc = ~0u;
  for (const char byte : bytes) crc = (crc >> 8) ^ kCrcTable[(crc ^ static_cast<unsigned char>(byte)) & 0xff];
  return ~crc;
}

std::string encode_checkpoint(const Checkpoint& checkpoint) {
  std::string bytes(kMagic);
  put_number(bytes, kVersion);
  put_number(bytes, checkpoint.finished ? kFinished : 0);
  put_map(bytes, checkpoint.positions);
  put_map(bytes, checkpoint.state);
  put_number(bytes, crc32_of(bytes));
  return bytes;
}

Result<Checkpoint> decode_checkpoint(std::string_view bytes) {
  if (bytes.empty()) return Status::fatal("it is empty");
  if (bytes.substr(0, kMagic.size()) != kMagic.substr(0, bytes.size())) return Status::fatal("it is no checkpoint");
  if (bytes.size() < kSmallest) return Status::fatal("it is cut short");
  Reader reader(bytes.substr(0, bytes.size() - kChecksum));
  (void)reader.take(kMagic.size());
  if (const std::uint32_t version = reader.number(); version != kVersion) {
    return Status::fatal("it has version " + std::to_string(version) + ", and this program reads version " +
                         std::to_string(kVersion));
  }
  if (Reader(bytes.substr(bytes.size() - kChecksum)).number() != crc32_of(bytes.substr(0, bytes.size() - kChecksum))) {
    return Status::fatal("its checksum is wrong: it is cut short or damaged");
  }
  Checkpoint checkpoint;
  checkpoint.finished = (reader.number() & kFinished) != 0;
  reader.map(checkpoint.positions);
  reader.map(checkpoint.state);
  if (!reader.complete()) return Status::fatal("its parts do not fit together");
  return checkpoint;
}

}  // namespace weir::host
