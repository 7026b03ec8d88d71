#include "observe/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <limits>

namespace weir::host::observe {
namespace {

prometheus::MetricType type_of(MetricType type) {
  switch (type) {
    case MetricType::counter:
      return prometheus::MetricType::Counter;
    case MetricType::histogram:
      return prometheus::MetricType::Histogram;
    case MetricType::gauge:
      return prometheus::MetricType::Gauge;
  }
  return prometheus::MetricType::Untyped;
}

std::vector<prometheus::ClientMetric::Label> labels_of(std::string_view names, const std::vector<std::string>& values) {
  std::vector<prometheus::ClientMetric::Label> labels;
  for (const std::string& value : values) {
    const std::size_t end = names.find(',');
    labels.push_back({std::string(names.substr(0, end)), value});
    names.remove_prefix(end == std::string_view::npos ? names.size() : end + 1);
  }
  return labels;
}

prometheus::ClientMetric::Histogram histogram_of(const MetricSample& sample) {
  prometheus::ClientMetric::Histogram histogram;
  histogram.sample_count = sample.count;
  histogram.sample_sum = sample.value;
  for (const Bucket& bucket : sample.buckets) histogram.bucket.push_back({bucket.cumulative, bucket.upper_bound});
  histogram.bucket.push_back({sample.count, std::numeric_limits<double>::infinity()});
  return histogram;
}

prometheus::MetricFamily family_of(const Metric& metric) {
  prometheus::MetricFamily family;
  family.name = metric.info.name;
  family.help = metric.info.help;
  family.type = type_of(metric.info.type);
  for (const MetricSample& sample : metric.samples) {
    prometheus::ClientMetric client;
    client.label = labels_of(metric.info.labels, sample.labels);
    client.counter.value = client.gauge.value = sample.value;
    if (metric.info.type == MetricType::histogram) client.histogram = histogram_of(sample);
    family.metric.push_back(std::move(client));
  }
  return family;
}

}  // namespace

std::string exposition_text(std::span<const Metric> metrics) {
  std::vector<prometheus::MetricFamily> families;
  for (const Metric& metric : metrics) {
    if (!metric.samples.empty()) families.push_back(family_of(metric));
  }
  return prometheus::TextSerializer().prometheus::Serializer::Serialize(families);
}

std::string_view type_name(MetricType type) {
  switch (type) {
    case MetricType::counter:
      return "counter";
    case MetricType::gauge:
      return "gauge";
    case MetricType::histogram:
      return "histogram";
  }
  return "untyped";
}

}  // namespace weir::host::observe
