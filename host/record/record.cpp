#include "record/record.h"

#include <algorithm>

#include "record/slice.h"

namespace weir::host {

void Record::add_header(std::string_view name, Bytes value) {
  Arena& arena = slice->arena();
  auto* all = arena.make_array<Header>(headers.count + 1);
  std::copy_n(headers.first, headers.count, all);
  all[headers.count] = {arena.copy(name), is_null(value) ? kNullBytes : arena.copy(view(value))};
  headers = {all, headers.count + 1};
}

std::uint32_t Record::remove_header(std::string_view name) {
  const auto has_name = [name](const Header& header) { return view(header.name) == name; };
  const auto all = headers.all();
  const auto removed = static_cast<std::uint32_t>(std::count_if(all.begin(), all.end(), has_name));
  if (removed == 0) return 0;
  auto* rest = slice->arena().make_array<Header>(headers.count - removed);
  std::remove_copy_if(all.begin(), all.end(), rest, has_name);
  headers = {rest, headers.count - removed};
  return removed;
}

void Record::seal() {
  for (int slot : {WEIR_KEY, WEIR_VALUE}) original[slot] = slots[slot].bytes;
  original_headers = headers;
  sealed = true;
}

void Record::fail(weir_status status, const char* reason, std::string_view at) {
  if (fate != Fate::live) return;
  failure = slice->arena().make<Failure>(Failure{status, reason, at, false, {}});
  fate = Fate::failed;
  slice->note_failed();
}

}  // namespace weir::host
