#include "cli/command_table.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace weir::host::cli {
namespace {

using Json = nlohmann::ordered_json;

bool is_hidden(const std::string& group) { return group.empty(); }

Json names_of(const CLI::Option& option) {
  Json names = Json::array();
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

void add_choices(Json& json, const Choices& choices, const std::string& name) {
  const auto words = choices.find(name);
  if (words != choices.end()) json["choices"] = words->second;
}

Json value_of(const CLI::Option& option, const Choices& choices) {
  Json value = {{"name", option.get_type_name()}};
  if (!option.get_default_str().empty()) value["default"] = option.get_default_str();
  add_choices(value, choices, option.get_type_name());
  return value;
}

Json to_json(const CLI::Option& option, const Choices& choices) {
  Json json = {{"names", names_of(option)}, {"description", option.get_description()}};
  if (option.get_items_expected_max() > 0) json["value"] = value_of(option, choices);
  json["repeats"] = option.get_expected_max() > 1;
  return json;
}

Json to_argument(const CLI::Option& option, const std::string& command, const Choices& choices) {
  Json json = {{"name", option.get_name(true, false)},
               {"description", option.get_description()},
               {"required", option.get_required()},
               {"repeats", option.get_expected_max() > 1}};
  add_choices(json, choices, command + " " + option.get_name(true, false));
  return json;
}

Json to_json(const CLI::App& app, const Choices& choices) {
  Json json = {{"name", app.get_name()},
               {"description", app.get_description()},
               {"options", Json::array()},
               {"arguments", Json::array()},
               {"commands", Json::array()}};
  for (const CLI::Option* option : app.get_options({})) {
    if (is_hidden(option->get_group())) continue;
    if (option->get_positional())
      json["arguments"].push_back(to_argument(*option, app.get_name(), choices));
    else
      json["options"].push_back(to_json(*option, choices));
  }
  for (const CLI::App* command : app.get_subcommands({})) {
    if (!is_hidden(command->get_group())) json["commands"].push_back(to_json(*command, choices));
  }
  return json;
}

}  // namespace

std::string command_table(const CLI::App& app, const Choices& choices) {
  Json json = to_json(app, choices);
  json["footer"] = app.get_footer();
  return json.dump(2);
}

}  // namespace weir::host::cli
