#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::host::observe {

enum class MetricType { counter, gauge, histogram };

/// What a metric is, as the documentation lists it. Names and units follow Prometheus' "Metric and label naming".
struct MetricInfo {
  std::string_view name;
  MetricType type = MetricType::gauge;
  std::string_view labels;  // their names, a comma between, in the order in which samples give their values
  std::string_view help;    // one line
};

struct Bucket {
  double upper_bound = 0;
  std::uint64_t cumulative = 0;
};

struct MetricSample {
  std::vector<std::string> labels;  // values; names of the configuration, never record data
  double value = 0;                 // of a histogram: the sum
  std::vector<Bucket> buckets;      // of a histogram, in order, without +Inf
  std::uint64_t count = 0;          // of a histogram
};

/// A metric with what it shows now; without samples it is left out.
struct Metric {
  MetricInfo info;
  std::vector<MetricSample> samples;
};

inline constexpr const char* kExpositionType = "text/plain; version=0.0.4; charset=utf-8";
/// In Prometheus' text exposition format 0.0.4.
[[nodiscard]] std::string exposition_text(std::span<const Metric> metrics);

/// "counter", "gauge", "histogram".
[[nodiscard]] std::string_view type_name(MetricType type);

}  // namespace weir::host::observe
