#pragma once
#include <string>
#include <weir/record.hpp>

namespace weir::plugins {

/// Appends a record as one JSON object on one line, without its line end:
///   {"topic","key","value","headers":[[name,value]],"timestamp_ms","error":{…},"position":{"partition","offset"},"clone"}
/// What a record does not have is left out. Key and value are JSON strings of their text; bytes that are not UTF-8 go as "key_base64",
/// "value_base64", in headers as {"base64":…}. Headers the host gave a dead letter ("__weir.errors.…") become error, position and clone.
void append_envelope(std::string& out, const Record& record);

}  // namespace weir::plugins
