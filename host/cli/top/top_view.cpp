#include "cli/top/top_view.h"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <vector>

namespace weir::host::cli {
namespace {

using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

const Row kHead{"PIPELINE", "STATE",  "READ/S", "DELIVERED/S", "IN FLIGHT", "SPOOL",
                "OLDEST",   "MEMORY", "DEAD",   "DROPPED",     "NOTE"};
constexpr std::size_t kTextColumns = 2;  // the first ones are texts, the others but the last numbers

std::string in_short(double value) {
  constexpr std::array kUnits{"", "k", "M", "G", "T"};
  std::size_t unit = 0;
  while (value >= 10'000 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f%s" : "%.1f%s", value, kUnits[unit]);
  return text.data();
}

std::string in_seconds(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), value < 10 ? "%.1fs" : "%.0fs", value);
  return text.data();
}

std::string printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return text;
}

std::string note_of(const Json& pipeline) {
  if (pipeline.at("error").is_string()) return pipeline.at("error").get<std::string>();
  if (pipeline.at("state") != "running") return "";
  const Json& now = pipeline.at("now");
  const Json& sink = now.at("sink");
  if (now.contains("spool") && now.at("spool").at("full").get<bool>()) return "the spool is full";
  if (now.contains("spool") && now.at("spool").at("damaged_blocks") > 0) return "the spool is damaged";
  if (sink.at("up") < sink.at("tasks")) return "the sink is not there";
  if (now.at("dead_letter_sink").at("up") < now.at("dead_letter_sink").at("tasks"))
    return "the dead letter sink is not there";
  return now.at("ready").get<bool>() ? "" : "starting";
}

/// Records that wait there, and how much of it is used.
std::string spool_of(const Json& now) {
  if (!now.contains("spool")) return "";
  const Json& spool = now.at("spool");
  const double used = spool.at("bytes").get<double>() / std::max(spool.at("bytes_limit").get<double>(), 1.0);
  return in_short(spool.at("records").get<double>()) + " (" + in_short(100 * used) + "%)";
}

/// Of what waits longest: in the spool, else in flight.
double oldest_of(const Json& now) {
  const double in_flight = now.at("oldest_record_age_seconds").get<double>();
  return now.contains("spool") ? std::max(in_flight, now.at("spool").at("oldest_age_seconds").get<double>())
                               : in_flight;
}

std::string memory_of(const Json& now) {
  const double limit = now.at("memory_limit_bytes").get<double>();
  if (limit <= 0) return "";
  return in_short(100 * now.at("memory_bytes").get<double>() / limit) + "%";
}

std::string padded(const std::string& text, std::size_t width, bool to_the_right) {
  const std::string gap(width > text.size() ? width - text.size() : 0, ' ');
  return to_the_right ? gap + text : text + gap;
}

std::string table(const std::vector<Row>& rows, std::size_t columns) {
  std::vector<std::size_t> widths(kHead.size(), 0);
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i + 1 < row.size(); ++i) line += padded(row[i], widths[i], i >= kTextColumns) + "  ";
    line += row.back();
    line.resize(std::min(columns, line.find_last_not_of(' ') + 1));
    text += line + "\n";
  }
  return text;
}

}  // namespace

Result<std::string> TopView::show(const std::string& json, Clock::time_point now, std::size_t columns) try {
  std::vector<Row> rows{kHead};
  std::map<std::string, Counts> latest;
  const Json answer = Json::parse(json);
  for (const auto& [name, pipeline] : answer.at("pipelines").items()) {
    const Counts counts{pipeline.at("read").get<double>(), pipeline.at("delivered").get<double>(),
                        pipeline.at("seconds").get<double>()};
    const auto found = before_.find(name);
    // A pipeline that was begun anew counts from zero.
    const bool goes_on =
        found != before_.end() && found->second.read <= counts.read && found->second.seconds <= counts.seconds;
    const Counts from = goes_on ? found->second : Counts{};
    const double seconds = goes_on ? std::chrono::duration<double>(now - *shown_at_).count() : counts.seconds;
    const auto rate = [&](double Counts::*count) {
      return seconds > 0 ? std::max(counts.*count - from.*count, 0.0) / seconds : 0;
    };
    const Json& state = pipeline.at("now");
    rows.push_back({printable(name), printable(pipeline.at("state").get<std::string>()), in_short(rate(&Counts::read)),
                    in_short(rate(&Counts::delivered)), in_short(pipeline.at("in_flight").get<double>()),
                    spool_of(state), in_seconds(oldest_of(state)), memory_of(state),
                    in_short(pipeline.at("dead_lettered").get<double>()),
                    in_short(pipeline.at("dropped").get<double>()), printable(note_of(pipeline))});
    latest[name] = counts;
  }
  before_ = std::move(latest);
  shown_at_ = now;
  return table(rows, columns);
} catch (const Json::exception&) {
  return Status::fatal("What answered is no worker of this version: /pipelines is not as it should be.");
}

}  // namespace weir::host::cli
