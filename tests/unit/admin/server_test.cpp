#include "admin/server.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <thread>

#include "admin/client.h"

using namespace weir::host;
using namespace weir::host::admin;
using namespace std::chrono_literals;

namespace {

constexpr auto kTimeout = 10s;

/// Three lines, one a look.
class Lines final : public Stream {
 public:
  explicit Lines(std::atomic<int>& alive) : alive_(alive) { ++alive_; }
  ~Lines() override { --alive_; }
  bool read(std::string& into) override {
    into += "line " + std::to_string(++count_) + "\n";
    return count_ < 3;
  }
  [[nodiscard]] std::uint64_t missed() const override { return 42; }

 private:
  std::atomic<int>& alive_;
  int count_ = 0;
};

/// Nothing, for ever.
class Silence final : public Stream {
 public:
  explicit Silence(std::atomic<int>& alive) : alive_(alive) { ++alive_; }
  ~Silence() override { --alive_; }
  bool read(std::string&) override { return true; }
  [[nodiscard]] std::uint64_t missed() const override { return 0; }

 private:
  std::atomic<int>& alive_;
};

struct Serving {
  std::atomic<int> streams{0};
  std::unique_ptr<Server> server;

  Serving() {
    auto started = Server::start({"127.0.0.1", 0}, [this](const Request& request) -> Answer {
      const std::string what = request.path.empty() ? "" : request.path[0];
      if (what == "lines") return std::make_unique<Lines>(streams);
      if (what == "silence") return std::make_unique<Silence>(streams);
      if (what == "throws") throw std::runtime_error("made to fail");
      if (what == "large") return text_reply(200, std::string(3u << 20, 'x'));
      return text_reply(404, "nothing");
    });
    REQUIRE(started.ok());
    server = *std::move(started);
  }
  Result<Fetched> get(const std::string& target) const { return fetch(server->address(), target, kTimeout); }
};

/// Whether it becomes that, in time.
bool wait_for(const std::atomic<int>& count, int value) {
  const auto until = std::chrono::steady_clock::now() + kTimeout;
  while (count != value && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(5ms);
  return count == value;
}

}  // namespace

TEST_CASE("a reply comes whole, with its status") {
  const Serving serving;
  auto nothing = serving.get("/");
  REQUIRE(nothing.ok());
  CHECK((*nothing).status == 404);
  CHECK((*nothing).body == "nothing\n");
  auto large = serving.get("/large");
  REQUIRE(large.ok());
  CHECK((*large).body.size() == (3u << 20) + 1);
}

TEST_CASE("a route that throws is 500 and says nothing of why") {
  const Serving serving;
  auto thrown = serving.get("/throws");
  REQUIRE(thrown.ok());
  CHECK((*thrown).status == 500);
  CHECK((*thrown).body.find("made to fail") == std::string::npos);
  CHECK((*serving.get("/")).status == 404);
}

TEST_CASE("a stream comes piece by piece, with what was missed behind it") {
  Serving serving;
  std::string text;
  auto fetched = fetch_stream(serving.server->address(), "/lines", [&](std::string_view piece) {
    text += piece;
    return true;
  });
  REQUIRE(fetched.ok());
  CHECK((*fetched).status == 200);
  CHECK((*fetched).missed == 42);
  CHECK(text == "line 1\nline 2\nline 3\n");
  CHECK(serving.streams == 0);
}

TEST_CASE("a stream ends when its client goes, silent as it may be") {
  Serving serving;
  auto fetched = fetch(serving.server->address(), "/silence", 300ms);
  CHECK_FALSE(fetched.ok());
  CHECK(wait_for(serving.streams, 0));
}

TEST_CASE("streams are few, and leave room for requests") {
  constexpr int kStreams = 8;
  Serving serving;
  std::vector<std::thread> readers;
  for (int i = 0; i < kStreams; ++i) {
    readers.emplace_back([address = serving.server->address()] {
      (void)fetch_stream(address, "/silence", [](std::string_view) { return true; });
    });
  }
  CHECK(wait_for(serving.streams, kStreams));
  const auto one_more = serving.get("/silence");
  REQUIRE(one_more.ok());
  CHECK((*one_more).status == 503);
  CHECK(serving.streams == kStreams);
  for (int i = 0; i < 100; ++i) CHECK((*serving.get("/")).status == 404);
  serving.server.reset();
  for (std::thread& reader : readers) reader.join();
  CHECK(serving.streams == 0);
}

TEST_CASE("a server that ends cuts what is under way") {
  std::atomic<bool> cut{false};
  auto serving = std::make_unique<Serving>();
  std::thread client([&, address = serving->server->address()] {
    cut = !fetch_stream(address, "/silence", [](std::string_view) { return true; }).ok();
  });
  CHECK(wait_for(serving->streams, 1));
  serving.reset();
  client.join();
  CHECK(cut);
}

TEST_CASE("an address that is taken is an error of the configuration") {
  const Serving serving;
  auto second = Server::start(serving.server->address(), [](const Request&) { return text_reply(200, ""); });
  REQUIRE_FALSE(second.ok());
  CHECK(second.status().code() == WEIR_E_CONFIG);
  CHECK(second.status().message().find(serving.server->address().text()) != std::string::npos);
}

TEST_CASE("nobody there is an error") {
  Address address;
  {
    const Serving serving;
    address = serving.server->address();
  }
  CHECK_FALSE(fetch(address, "/", kTimeout).ok());
}
