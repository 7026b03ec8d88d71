// Any bytes as a line of a file of dead letters, and as a sealed letter: nothing crashes, and what says why it is none holds nothing of
// it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cli/dlq/letter.h"
#include "cli/envelope/sealed_letter.h"

using namespace weir::host;
using namespace weir::host::cli;

namespace {

const crypto::KeyRing& keys() {
  static const Result<crypto::KeyRing> keys = letter_keys("the secret of the corpus");
  return *keys;
}

/// Messages are constants but for numbers and key ids.
void check(const Status& status) {
  if (status.message().empty() || status.message().size() > 120) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto sealed = open_letter(keys(), text); !sealed) check(sealed.status());
  const auto letter = Letter::parse(text);
  if (!letter) {
    check(letter.status());
    return 0;
  }
  const auto record = letter->open(&keys());
  if (!record) check(record.status());
  ObjectWriter writer;
  letter->write_facts(writer);
  // What is told of a letter is one itself, and says the same.
  const auto again = Letter::parse(writer.done());
  if (!again || again->message != letter->message || again->offset != letter->offset || again->clone != letter->clone)
    std::abort();
  return 0;
}
