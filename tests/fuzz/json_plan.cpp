// Paths and documents as they come: whatever the bytes, paths are read or refused, the document is judged as the slow reference
// judges it, and reading every path neither changes a byte nor leaves the buffers. Then the same engine reads documents that are
// one byte away from it, and sees what an engine sees that has read nothing before.
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
constexpr std::size_t kVariants = 6;

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

std::vector<const PlanPath*> add_paths(OneRecord& one, const std::vector<std::string_view>& texts) {
  std::vector<const PlanPath*> paths;
  for (const std::string_view text : texts) {
    const auto parsed = Path::parse(text);
    const auto added = one.engine().plan(WEIR_VALUE).add(text, WEIR_READ);
    require(parsed.ok() == added.ok());
    if (!added.ok()) continue;
    require(parsed->touches(*parsed));
    paths.push_back(*added);
  }
  return paths;
}

/// What the paths lead to, or why the document is refused.
std::string sight_of(OneRecord& one, const std::vector<const PlanPath*>& paths) {
  if (one.open() != WEIR_OK) return one.engine().reason();
  std::string sight;
  for (const PlanPath* path : paths) {
    weir_str json{};
    sight += std::to_string(one.document().raw(*path, json)) + ' ';
    sight.append(json.ptr == nullptr ? "" : json.ptr, json.len) += '\n';
  }
  return sight;
}

/// The number-th document like that one: another byte of it at some place.
std::string variant(std::string text, std::size_t number) {
  std::size_t mixed = number * 0x9E3779B97F4A7C15u + text.size();
  for (const char byte : text) mixed = (mixed ^ static_cast<unsigned char>(byte)) * 0x100000001B3u;
  const std::size_t at = (mixed >> 7) % text.size();
  text[at] = number % 2 == 0 ? text[(mixed >> 29) % text.size()] : "09-.\"\\, }]"[(mixed >> 29) % 10];
  return text;
}

void read_variants(OneRecord& warm, const std::vector<const PlanPath*>& paths,
                   const std::vector<std::string_view>& texts, const std::string& document) {
  if (document.empty()) return;
  for (std::size_t i = 0; i < kVariants; ++i) {
    const std::string text = variant(document, i);
    OneRecord fresh(text);
    const auto fresh_paths = add_paths(fresh, texts);
    const std::string expected = sight_of(fresh, fresh_paths);
    for (int times = 0; times < 2; ++times) {
      warm.set_value(text);
      require(sight_of(warm, paths) == expected);
    }
    require((warm.open() == WEIR_OK) == reference::parse(text).has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string_view> texts = take_paths(input);
  OneRecord one(input);
  const std::vector<const PlanPath*> paths = add_paths(one, texts);
  require((one.open() == WEIR_OK) == reference::parse(input).has_value());
  if (one.open() == WEIR_OK) {
    for (const PlanPath* path : paths) read_all(one, *path);
    require(one.bytes() == input);
  }
  read_variants(one, paths, texts, std::string(input));
  return 0;
}
