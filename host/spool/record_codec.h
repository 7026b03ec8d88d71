#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "record/slice.h"

namespace weir::host::spool {

/// Appends what a spool keeps of a record: timestamp, partition, key, value, topic, headers. Null and empty stay apart.
void encode_record(const Record& record, std::string& into);

/// How many bytes the first record of `bytes` takes; 0: none whole is there.
[[nodiscard]] std::size_t encoded_size(std::string_view bytes);

/// Fills `record` from its own encoded bytes, whole and as encoded_size() found them. They live as long as the record's slice; the
/// headers are made in that slice's arena.
void decode_record(std::string_view bytes, Record& record);

/// What a spool keeps of a record, without a slice. Views of its encoded bytes.
struct StoredRecord {
  std::int64_t timestamp_ms = -1;
  std::int32_t partition = -1;
  Bytes key = kNullBytes;
  Bytes value = kNullBytes;
  Bytes topic = kNullBytes;
  std::vector<Header> headers;
};
/// As decode_record().
void decode_stored(std::string_view bytes, StoredRecord& record);

}  // namespace weir::host::spool
