// A line of weir-consume, as `weir chaos` reads it: refused, or a message that is the same each time it is read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cli/chaos/mark.h"
#include "cli/chaos/message.h"
#include "cli/chaos/oracle.h"

using namespace weir::host::cli::chaos;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto first = Message::parse(line);
  const auto again = Message::parse(line);
  if (first.ok() != again.ok()) std::abort();
  if (!first) return 0;
  const Mark mark = split_mark(first->mark);
  if (mark.partition.size() + mark.offset.size() > first->mark.size()) std::abort();
  Oracle oracle(UnknownOrigin::one);
  oracle.expect(first->seen());
  oracle.seal();
  oracle.arrive(again->seen());
  oracle.arrive(first->seen());
  const Verdict verdict = oracle.verdict();
  if (verdict.faults() != 0 || verdict.duplicated != 1) std::abort();
  return 0;
}
