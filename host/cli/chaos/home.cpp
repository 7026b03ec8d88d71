#include "cli/chaos/home.h"

#include <algorithm>
#include <filesystem>
#include <functional>

#include "spec/each_value.h"

namespace weir::host::cli::chaos {
namespace {

using spec::ComponentSpec;
using spec::Field;
using spec::Value;

constexpr const char* kConfig = "config";
constexpr const char* kServers = "bootstrap.servers";

Value* member_of(Value& object, std::string_view name) {
  for (Value::Member& member : object.members) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

/// What is right for the user's cluster and wrong for the throw-away one, which knows neither log-in nor TLS.
bool belongs_to_cluster(std::string_view property) {
  static constexpr std::string_view kPrefixes[] = {"security.",
                                                   "sasl.",
                                                   "ssl.",
                                                   "enable.ssl.",
                                                   "enable.sasl.",
                                                   "client.dns.lookup",
                                                   "broker.address.family",
                                                   "metadata.broker.list",
                                                   kServers};
  return std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                     [&](std::string_view prefix) { return property.starts_with(prefix); });
}

void move_broker(ComponentSpec& component, const std::string& bootstrap) {
  if (!has_broker(component)) return;
  Value& config = *member_of(component.fields, kConfig);
  std::erase_if(config.members, [](const Value::Member& member) { return belongs_to_cluster(member.name); });
  Value servers;
  servers.type = WEIR_STRING;
  servers.text = bootstrap;
  config.members.emplace_back(kServers, std::move(servers));
}

void each_component(spec::PipelineSpec& pipeline, const std::function<void(ComponentSpec&)>& visit) {
  visit(pipeline.source);
  for (ComponentSpec& transform : pipeline.transforms) visit(transform);
  for (ComponentSpec& predicate : pipeline.predicates) visit(predicate);
  visit(pipeline.sink);
  if (pipeline.dead_letter) visit(*pipeline.dead_letter);
}

bool is_written_file(const Field& field, const Value& value) {
  return field.type == WEIR_FILE && field.is(WEIR_OUTPUT) && value.type == WEIR_STRING && !value.text.empty();
}

bool is_device(const std::string& path) { return path.starts_with("/dev/"); }

int partitions_of(const ComponentSpec& component, int otherwise) {
  const Value* partitions = component.fields.at("create_topic/partitions");
  const bool given = partitions != nullptr && partitions->type == WEIR_INT && partitions->integer > 0;
  return given ? static_cast<int>(std::min<std::int64_t>(partitions->integer, 10'000)) : otherwise;
}

}  // namespace

bool has_broker(const ComponentSpec& component) {
  const Value* config = component.fields.at(kConfig);
  if (config == nullptr || config->type != WEIR_OBJECT) return false;
  return std::any_of(config->members.begin(), config->members.end(),
                     [](const Value::Member& member) { return member.name == kServers; });
}

Status check_suitable(const spec::PipelineSpec& pipeline) {
  if (has_broker(pipeline.source))
    return Status::config(
        "its source reads from a broker: chaos wants one that can be read twice from the beginning, "
        "such as files");
  if ((pipeline.source.info->capabilities & WEIR_RESUMABLE) == 0)
    return Status::config("its source `" + pipeline.source.info->name +
                          "` keeps no positions: what a killed worker has read would not be read again; chaos wants "
                          "one that goes on where it stopped, such as files");
  if (!has_broker(pipeline.sink))
    return Status::config(
        "its sink does not write to a broker (no `config:` with `bootstrap.servers`), so what arrived "
        "could not be read back");
  return {};
}

void move_home(spec::PipelineSpec& pipeline, const Home& home) {
  const std::string files = home.folder + "/files/";
  int number = 0;
  each_component(pipeline, [&](ComponentSpec& component) {
    move_broker(component, home.bootstrap);
    spec::edit_each_value(component.info->fields, component.fields, [&](const Field& field, Value& value) {
      if (!is_written_file(field, value) || is_device(value.text)) return;
      const std::string name = std::filesystem::path(value.text).filename().string();
      value.text = files + std::to_string(++number) + "-" + name;
    });
  });
  if (pipeline.spool) pipeline.spool->path = home.folder + "/spool";
}

std::vector<Topic> topics_of(const spec::PipelineSpec& pipeline, int partitions) {
  std::vector<Topic> topics;
  const int of_sink = partitions_of(pipeline.sink, partitions);
  const auto add = [&](const ComponentSpec& component, int count) {
    spec::each_value(component.info->fields, component.fields, [&](const Field& field, const Value& value) {
      if (field.type != WEIR_TOPIC || value.type != WEIR_STRING) return;
      const bool known =
          std::any_of(topics.begin(), topics.end(), [&](const Topic& topic) { return topic.name == value.text; });
      if (!known) topics.push_back({value.text, count});
    });
  };
  add(pipeline.sink, of_sink);
  for (const ComponentSpec& transform : pipeline.transforms) add(transform, of_sink);
  if (pipeline.dead_letter) add(*pipeline.dead_letter, partitions_of(*pipeline.dead_letter, partitions));
  return topics;
}

std::vector<std::string> letter_files(const spec::PipelineSpec& moved, const Home& home) {
  const auto within = [&](const std::string& path) {
    return std::filesystem::path(path).lexically_relative(home.folder).string();
  };
  std::vector<std::string> files{within(home.state() + "/" + moved.name + "/dead-letters-overflow.ndjson")};
  if (!moved.dead_letter) return files;
  spec::each_value(moved.dead_letter->info->fields, moved.dead_letter->fields,
                   [&](const Field& field, const Value& value) {
                     if (is_written_file(field, value) && !is_device(value.text)) files.push_back(within(value.text));
                   });
  return files;
}

}  // namespace weir::host::cli::chaos
