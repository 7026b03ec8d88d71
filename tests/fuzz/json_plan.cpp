// Paths and documents as they come: whatever the bytes, paths are read or refused, the document is judged as the slow reference
// judges it, and reading every path neither changes a byte nor leaves the buffers.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "../differential/reference_json.h"
#include "../unit/json/fixture.h"

namespace {

using namespace weir::host::json;
using weir::host::json::test::OneRecord;

constexpr std::size_t kMaxPaths = 8;

void require(bool holds) {
  if (!holds) std::abort();
}

weir_status look(void*, weir_str name, const weir_value* value) {
  volatile char last = 0;
  if (name.len > 0) last = name.ptr[name.len - 1];
  if (value->type == WEIR_STRING && value->as.s.len > 0) last = value->as.s.ptr[value->as.s.len - 1];
  (void)last;
  return WEIR_OK;
}

/// Lines up to an empty one are paths.
std::vector<std::string_view> take_paths(std::string_view& input) {
  std::vector<std::string_view> paths;
  while (paths.size() < kMaxPaths && !input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    const std::string_view line = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    if (line.empty()) break;
    paths.push_back(line);
  }
  return paths;
}

void read_all(OneRecord& one, const PlanPath& path) {
  Document& document = one.document();
  weir_value value{};
  weir_str json{};
  const weir_status raw = document.raw(path, json);
  const weir_status get = document.get(path, value);
  require(get == raw || get == WEIR_E_DATA);
  if (raw == WEIR_OK) require(reference::parse({json.ptr, json.len}).has_value());
  document.each(path, look, nullptr);
  const weir_status match = document.match(path, look, nullptr);
  require((raw == WEIR_NOT_FOUND) <= (match == WEIR_NOT_FOUND));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string_view> texts = take_paths(input);
  OneRecord one(input);
  std::vector<const PlanPath*> paths;
  for (const std::string_view text : texts) {
    const auto parsed = Path::parse(text);
    const auto added = one.engine().plan(WEIR_VALUE).add(text, WEIR_READ);
    require(parsed.ok() == added.ok());
    if (!added.ok()) continue;
    require(parsed->touches(*parsed));
    paths.push_back(*added);
  }
  require((one.open() == WEIR_OK) == reference::parse(input).has_value());
  if (one.open() != WEIR_OK) return 0;
  for (const PlanPath* path : paths) read_all(one, *path);
  require(one.bytes() == input);
  return 0;
}
