// A document and what is done to it: the engine must do what the slow reference does, to the byte. The first byte says how many
// of those after it are decisions of the generator; the rest is the document, or the generator makes one.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "../differential/generator.h"

namespace {

using namespace weir::host::json::test;

class FromBytes final : public Choices {
 public:
  FromBytes(const std::uint8_t* bytes, std::size_t size) : at_(bytes), end_(bytes + size) {}
  std::size_t below(std::size_t bound) override {
    if (at_ == end_) return 0;
    std::size_t choice = *at_++;
    if (bound > 256 && at_ != end_) choice = choice * 256 + *at_++;
    return choice % bound;
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t decisions = std::min<std::size_t>(data[0], size - 1);
  FromBytes choices(data + 1, decisions);
  std::string document(reinterpret_cast<const char*>(data) + 1 + decisions, size - 1 - decisions);
  const TestCase test = document.empty() ? generate(choices) : generate_for(choices, std::move(document));
  Tally tally;
  const std::string found = difference(test, tally);
  if (found.empty()) return 0;
  std::fprintf(stderr, "%s%s\n", describe(test).c_str(), found.c_str());
  std::abort();
}
