#pragma once
#include <string>
#include <string_view>

#include "record/slice.h"

namespace weir::host::spool {

/// Appends what a spool keeps of a record: timestamp, partition, key, value, topic, headers. Null and empty stay apart.
void encode_record(const Record& record, std::string& into);

/// How many bytes the first record of `bytes` takes; 0: none whole is there.
[[nodiscard]] std::size_t encoded_size(std::string_view bytes);

/// Fills `record` from its own encoded bytes, whole and as encoded_size() found them. They live as long as the record's slice; the
/// headers are made in that slice's arena.
void decode_record(std::string_view bytes, Record& record);

}  // namespace weir::host::spool
