#include "cli/top/top_view.h"

#include <catch2/catch.hpp>

#include "cli/run/report.h"

using namespace weir::host;
using weir::host::cli::TopView;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kWide = 1000;

PipelineSummary pipeline(const std::string& name, std::uint64_t read, double seconds) {
  PipelineSummary summary;
  summary.name = name;
  summary.ledger.read = read;
  summary.ledger.delivered = read / 2;
  summary.seconds = seconds;
  summary.figures.tasks = summary.figures.started = 1;
  summary.figures.sink = {1, 1, 0, 0};
  summary.figures.memory_limit = 100;
  summary.figures.memory = 25;
  return summary;
}

std::string show(TopView& view, const std::vector<PipelineSummary>& summaries, TopView::Clock::time_point now,
                 std::size_t columns = kWide) {
  auto table = view.show(cli::pipelines_json(summaries), now, columns);
  REQUIRE(table.ok());
  return *table;
}

/// The second line's words.
std::vector<std::string> row(const std::string& table) {
  const std::string line = table.substr(table.find('\n') + 1);
  std::vector<std::string> words;
  std::string word;
  for (const char c : line.substr(0, line.find('\n')) + " ") {
    if (c != ' ') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

}  // namespace

TEST_CASE("rates are those since the look before, at first those since the start") {
  TopView view;
  const auto start = TopView::Clock::now();
  CHECK(row(show(view, {pipeline("a", 1000, 2)}, start))[2] == "500");
  const auto later = row(show(view, {pipeline("a", 1600, 4)}, start + 2s));
  CHECK(later[2] == "300");
  CHECK(later[3] == "150");
}

TEST_CASE("a pipeline that began anew has the rates of its own run") {
  TopView view;
  const auto start = TopView::Clock::now();
  show(view, {pipeline("a", 1000, 100)}, start);
  CHECK(row(show(view, {pipeline("a", 10, 0.5)}, start + 1s))[2] == "20");
}

TEST_CASE("large figures are short, memory is a share") {
  TopView view;
  PipelineSummary big = pipeline("a", 12'345'678, 1);
  big.ledger.in_flight = 9999;
  big.figures.oldest_age = 75s;
  const auto words = row(show(view, {big}, TopView::Clock::now()));
  CHECK(words[2] == "12.3M");
  CHECK(words[4] == "9999");
  CHECK(words[5] == "75s");
  CHECK(words[6] == "25%");
}

TEST_CASE("what is wrong with a pipeline stands at the end, cut to the terminal") {
  TopView view;
  PipelineSummary away = pipeline("a", 0, 1);
  away.figures.sink.up = 0;
  const auto now = TopView::Clock::now();
  CHECK(show(view, {away}, now).find("the sink is not there") != std::string::npos);
  away.outcome = {RunState::failed, "it\x1b[31m broke\n", true};
  const std::string table = show(view, {away}, now);
  CHECK(table.find("it?[31m broke?") != std::string::npos);
  const std::string narrow = show(view, {away}, now, 20);
  CHECK(narrow.find('\n') == 20);
}

TEST_CASE("an answer that is none of a worker's is said") {
  TopView view;
  for (const char* json : {"", "[]", "{}", "{\"pipelines\": 1}", "{\"pipelines\": {\"a\": {}}}",
                           "{\"pipelines\": {\"a\": {\"read\": \"x\", \"delivered\": 1, \"seconds\": 1}}}"}) {
    CHECK_FALSE(view.show(json, TopView::Clock::now(), kWide).ok());
  }
}

TEST_CASE("a spool shows its backlog, how much of it is used and what is wrong with it") {
  PipelineSummary spooling = pipeline("a", 10, 1);
  spooling.backlog = {{}, true, true};
  BacklogFigures& spool = spooling.backlog->figures;
  spool.records = 12'345;
  spool.bytes = 25;
  spool.bytes_limit = 100;
  spool.oldest_age = 90s;
  TopView view;
  const auto shown = row(show(view, {spooling}, TopView::Clock::now()));
  CHECK(std::vector<std::string>(shown.begin() + 5, shown.begin() + 8) ==
        std::vector<std::string>{"12.3k", "(25%)", "90s"});
  spool.damaged_blocks = 1;
  CHECK(show(view, {spooling}, TopView::Clock::now()).find("the spool is damaged") != std::string::npos);
  spool.full = true;
  CHECK(show(view, {spooling}, TopView::Clock::now()).find("the spool is full") != std::string::npos);
}
