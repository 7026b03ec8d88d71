#include "cli/taps.h"

#include <catch2/catch.hpp>

using namespace weir::host;
using weir::host::cli::Taps;
using Query = std::map<std::string, std::string>;

namespace {

/// Of transforms a, b, c, …; those whose letter is in `privacy` protect people.
spec::PipelineSpec pipeline(const std::string& transforms, const std::string& privacy) {
  spec::PipelineSpec pipeline;
  pipeline.name = "p";
  for (const char letter : transforms) {
    spec::ComponentSpec transform;
    transform.name = letter;
    transform.privacy = privacy.find(letter) != std::string::npos;
    pipeline.transforms.push_back(std::move(transform));
  }
  return pipeline;
}

/// 200 for a stream.
unsigned status(const admin::Answer& answer) {
  const auto* reply = std::get_if<admin::Reply>(&answer);
  return reply == nullptr ? 200 : reply->status;
}

}  // namespace

TEST_CASE("records are shown from the last privacy transform on") {
  const Worker worker;
  Taps taps(worker, false);
  const auto tap = taps.make(pipeline("abcd", "ac"));
  for (const char* after : {"a", "b"}) {
    CHECK(status(taps.open("p", Query{{"after", after}})) == 403);
    CHECK(status(taps.open("p", Query{{"after", after}, {"unsafe", "1"}})) == 403);
    CHECK(tap->place() == Tap::kNowhere);
  }
  for (const auto& [after, place] : {std::pair("c", 3), std::pair("d", 4), std::pair("", 4)}) {
    const auto stream = taps.open("p", Query{{"after", after}});
    CHECK(status(stream) == 200);
    CHECK(tap->place() == place);
  }
  CHECK(tap->place() == Tap::kNowhere);  // with its stream
}

TEST_CASE("earlier ones take a worker that allows it and a reader who asks") {
  const Worker worker;
  Taps taps(worker, true);
  const auto tap = taps.make(pipeline("ab", "b"));
  CHECK(status(taps.open("p", Query{{"after", "a"}})) == 403);
  CHECK(status(taps.open("p", Query{{"after", "a"}, {"unsafe", "yes"}})) == 403);
  CHECK(status(taps.open("p", Query{{"after", "a"}, {"unsafe", "1"}})) == 200);
}

TEST_CASE("without privacy transforms every place may be looked at") {
  const Worker worker;
  Taps taps(worker, false);
  const auto tap = taps.make(pipeline("ab", ""));
  CHECK(status(taps.open("p", Query{{"after", "a"}})) == 200);
  CHECK(status(taps.open("p", {})) == 200);
}

TEST_CASE("what is not there or in use is said") {
  const Worker worker;
  Taps taps(worker, false);
  const auto tap = taps.make(pipeline("a", ""));
  CHECK(status(taps.open("q", {})) == 404);
  CHECK(status(taps.open("p", Query{{"after", "z"}})) == 404);
  for (const char* count : {"0", "-1", "x", "1x", "99999999999999999999"}) {
    CHECK(status(taps.open("p", Query{{"count", count}})) == 400);
  }
  const auto first = taps.open("p", {});
  CHECK(status(taps.open("p", {})) == 409);
}

TEST_CASE("a pipeline that takes the place of another ends its reader, and its own privacy counts") {
  const Worker worker;
  Taps taps(worker, false);
  const auto before = taps.make(pipeline("ab", ""));
  const auto answer = taps.open("p", Query{{"after", "a"}});
  const auto after = taps.make(pipeline("ab", "b"));
  CHECK(status(taps.open("p", Query{{"after", "a"}})) == 403);
  std::string text;
  CHECK_FALSE(std::get<std::unique_ptr<admin::Stream>>(answer)->read(text));
}
