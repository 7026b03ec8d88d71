#include "abi/pins.h"

#include <catch2/catch.hpp>

#include "bench.h"

using namespace weir::host;
using namespace weir::host::abi;

namespace {

struct Declared {
  std::string_view path;
  std::uint32_t use;
  int slot = WEIR_VALUE;
};

/// A chain whose stages declare one path each.
struct Chain {
  Bench bench;
  std::vector<std::unique_ptr<Hooks>> hooks;
  std::vector<Stage> stages;

  explicit Chain(std::initializer_list<Declared> declared) {
    for (const Declared& each : declared) {
      hooks.push_back(std::make_unique<Hooks>());
      hooks.back()->create = [each](weir_ctx* ctx, const weir_host* host) {
        return host->compile(ctx, each.slot, str(each.path), each.use, nullptr) != nullptr ? WEIR_OK : WEIR_E_CONFIG;
      };
      Stage stage;
      stage.transform = bench.transform(*hooks.back()).instance;
      REQUIRE(stage.transform != nullptr);
      stages.push_back(std::move(stage));
    }
  }
};

}  // namespace

TEST_CASE("a later stage that writes a pinned path is named") {
  Chain chain{{"user.id", WEIR_READ | WEIR_PIN}, {"other", WEIR_WRITE}, {"user", WEIR_READ | WEIR_WRITE}};
  const auto breaches = check_pins(chain.stages);
  REQUIRE(breaches.size() == 1);
  CHECK(breaches[0].pinner == 0);
  CHECK(breaches[0].pinned == "user.id");
  CHECK(breaches[0].writer == 2);
  CHECK(breaches[0].written == "user");
}

TEST_CASE("writing before a pin, reading after it, or writing elsewhere is fine") {
  CHECK(check_pins(Chain({{"id", WEIR_WRITE}, {"id", WEIR_PIN}}).stages).empty());
  CHECK(check_pins(Chain({{"id", WEIR_PIN}, {"id", WEIR_READ}}).stages).empty());
  CHECK(check_pins(Chain({{"id", WEIR_PIN}, {"ident", WEIR_WRITE}}).stages).empty());
  CHECK(check_pins(Chain({{"id", WEIR_PIN, WEIR_KEY}, {"id", WEIR_WRITE}}).stages).empty());
}

TEST_CASE("a wildcard writes what is pinned under it") {
  CHECK(check_pins(Chain({{"events[0].id", WEIR_PIN}, {"events[*].id", WEIR_WRITE}}).stages).size() == 1);
}
