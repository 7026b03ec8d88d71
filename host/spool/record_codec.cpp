#include "spool/record_codec.h"

namespace weir::host::spool {
namespace {

void put_number(std::uint64_t value, std::string& into) {
  while (value >= 0x80) {
    into.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  into.push_back(static_cast<char>(value));
}

/// Small numbers of either sign are short.
void put_signed(std::int64_t value, std::string& into) {
  put_number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63), into);
}

/// 0: null; else one more than the length, then the bytes.
void put_bytes(Bytes bytes, std::string& into) {
  put_number(is_null(bytes) ? 0 : bytes.len + 1, into);
  into.append(view(bytes));
}

/// Reads the pieces of a record; after the first one that is not whole all are empty and ok() is false.
class Pieces {
 public:
  explicit Pieces(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (at_ >= bytes_.size()) break;
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    at_ = bytes_.size();
    return 0;
  }
  std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
  }
  Bytes bytes() {
    const std::uint64_t length = number();
    if (length == 0) return kNullBytes;
    if (length - 1 > bytes_.size() - at_) {
      ok_ = false;
      at_ = bytes_.size();
      return kNullBytes;
    }
    const std::string_view piece = bytes_.substr(at_, length - 1);
    at_ += piece.size();
    return bytes_of(piece);
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace

void encode_record(const Record& record, std::string& into) {
  put_signed(record.timestamp_ms, into);
  put_signed(record.partition, into);
  put_bytes(record.key(), into);
  put_bytes(record.value(), into);
  put_bytes(record.topic, into);
  put_number(record.headers.count, into);
  for (const Header& header : record.headers.all()) {
    put_bytes(header.name, into);
    put_bytes(header.value, into);
  }
}

std::size_t encoded_size(std::string_view bytes) {
  Pieces pieces(bytes);
  pieces.signed_number();
  pieces.signed_number();
  for (int i = 0; i < 3; ++i) pieces.bytes();
  const std::uint64_t headers = pieces.number();
  for (std::uint64_t i = 0; i < headers && pieces.ok(); ++i) {
    pieces.bytes();
    pieces.bytes();
  }
  return pieces.ok() && headers <= UINT32_MAX ? pieces.at() : 0;
}

void decode_record(std::string_view bytes, Record& record) {
  Pieces pieces(bytes);
  record.timestamp_ms = pieces.signed_number();
  record.partition = static_cast<std::int32_t>(pieces.signed_number());
  record.set_slot(WEIR_KEY, pieces.bytes());
  record.set_slot(WEIR_VALUE, pieces.bytes());
  record.topic = pieces.bytes();
  const auto count = static_cast<std::uint32_t>(pieces.number());
  if (count == 0) return;
  auto* const all = record.slice->arena().make_array<Header>(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Bytes name = pieces.bytes();
    all[i] = {name, pieces.bytes()};
  }
  record.headers = {all, count};
}

void decode_stored(std::string_view bytes, StoredRecord& record) {
  Pieces pieces(bytes);
  record.timestamp_ms = pieces.signed_number();
  record.partition = static_cast<std::int32_t>(pieces.signed_number());
  record.key = pieces.bytes();
  record.value = pieces.bytes();
  record.topic = pieces.bytes();
  record.headers.resize(pieces.number());
  for (Header& header : record.headers) {
    header.name = pieces.bytes();
    header.value = pieces.bytes();
  }
}

}  // namespace weir::host::spool
