#include "observe/metrics.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <ctime>

#include "observe/log.h"
#include "observe/process.h"

using namespace weir::host;
using namespace weir::host::observe;

TEST_CASE("metrics are written in the exposition format") {
  const std::vector<Metric> metrics{
      {{"weir_records_read_total", MetricType::counter, "pipeline", "Records read."},
       {{{"a"}, 9007199254740991.0, {}, 0}, {{"b\"\\\n"}, 2, {}, 0}}},
      {{"weir_sink_up", MetricType::gauge, "pipeline,sink", "Up."}, {{{"a", "main"}, 1, {}, 0}}},
      {{"weir_nothing", MetricType::gauge, "", "Left out."}, {}},
  };
  CHECK(exposition_text(metrics) ==
        "# HELP weir_records_read_total Records read.\n"
        "# TYPE weir_records_read_total counter\n"
        "weir_records_read_total{pipeline=\"a\"} 9007199254740991\n"
        "weir_records_read_total{pipeline=\"b\\\"\\\\\\n\"} 2\n"
        "# HELP weir_sink_up Up.\n"
        "# TYPE weir_sink_up gauge\n"
        "weir_sink_up{pipeline=\"a\",sink=\"main\"} 1\n");
}

TEST_CASE("a histogram has its bounds, +Inf, sum and count") {
  const std::vector<Metric> metrics{
      {{"weir_time_seconds", MetricType::histogram, "pipeline", "Time."}, {{{"a"}, 1.5, {{0.25, 1}, {1, 3}}, 4}}}};
  CHECK(exposition_text(metrics) ==
        "# HELP weir_time_seconds Time.\n"
        "# TYPE weir_time_seconds histogram\n"
        "weir_time_seconds_count{pipeline=\"a\"} 4\n"
        "weir_time_seconds_sum{pipeline=\"a\"} 1.5\n"
        "weir_time_seconds_bucket{pipeline=\"a\",le=\"0.25\"} 1\n"
        "weir_time_seconds_bucket{pipeline=\"a\",le=\"1\"} 3\n"
        "weir_time_seconds_bucket{pipeline=\"a\",le=\"+Inf\"} 4\n");
}

TEST_CASE("alarms are counted by name and pipeline; what is no name counts as other") {
  const auto count = [](const std::string& alarm, const std::string& pipeline) -> std::uint64_t {
    for (const AlarmCount& each : alarm_counts()) {
      if (each.alarm == alarm && each.pipeline == pipeline) return each.count;
    }
    return 0;
  };
  const Log log = Log().with("pipeline", "metered");
  log.alarm("metered_stall", "Made by a test.");
  log.with("component", "c").alarm("metered_stall", "Made by a test.");
  log.alarm("jane@example.com", "Made by a test.");
  Log().alarm("metered_stall", "Made by a test.");
  CHECK(count("metered_stall", "metered") == 2);
  CHECK(count("metered_stall", "") == 1);
  CHECK(count("other", "metered") == 1);
  CHECK(count("jane@example.com", "metered") == 0);
}

TEST_CASE("the process shows its memory, time and files") {
  const auto figures = process_figures();
  REQUIRE(figures);
  CHECK(figures->resident_bytes > 1'000'000);
  CHECK(figures->virtual_bytes > figures->resident_bytes);
  CHECK(figures->cpu_seconds > 0);
  const auto now = static_cast<double>(std::time(nullptr));
  CHECK(figures->start_seconds > now - 3600);
  CHECK(figures->start_seconds < now + 2);
  CHECK(figures->open_files >= 3);
}
