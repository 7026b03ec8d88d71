#include <catch2/catch.hpp>

#include "cli/chaos/home.h"

using namespace weir::host;
using namespace weir::host::cli::chaos;
using spec::ComponentInfo;
using spec::ComponentSpec;
using spec::Value;

namespace {

Value text(const std::string& text) {
  Value value;
  value.type = WEIR_STRING;
  value.text = text;
  return value;
}

Value object(std::vector<std::pair<std::string, Value>> members) {
  Value value;
  value.type = WEIR_OBJECT;
  for (auto& [name, member] : members) value.members.emplace_back(name, std::move(member));
  return value;
}

spec::Field field(const std::string& name, std::uint32_t type, std::uint32_t flags = 0) {
  spec::Field field;
  field.name = name;
  field.type = type;
  field.flags = flags;
  return field;
}

const ComponentInfo& info() {
  static const ComponentInfo info = [] {
    ComponentInfo made;
    made.capabilities = WEIR_RESUMABLE;
    made.fields = {field("path", WEIR_FILE, WEIR_OUTPUT), field("input", WEIR_FILE), field("topic", WEIR_TOPIC),
                   field("config", WEIR_ANY, WEIR_MAP)};
    return made;
  }();
  return info;
}

ComponentSpec component(Value fields) {
  ComponentSpec made;
  made.info = &info();
  made.fields = std::move(fields);
  return made;
}

Value cluster() {
  return object({{"bootstrap.servers", text("mine:9092")},
                 {"security.protocol", text("sasl_ssl")},
                 {"sasl.password", text("secret")},
                 {"ssl.ca.location", text("/ca")},
                 {"linger.ms", text("7")}});
}

spec::PipelineSpec pipeline() {
  spec::PipelineSpec made;
  made.name = "p";
  made.source = component(object({{"input", text("/user/in.ndjson")}}));
  made.sink = component(object({{"topic", text("events")}, {"config", cluster()}}));
  made.transforms.push_back(component(object({{"topic", text("others")}, {"path", text("/user/side.log")}})));
  made.dead_letter = component(object({{"path", text("/user/dead.ndjson")}}));
  made.spool.emplace();
  made.spool->path = "/user/spool";
  return made;
}

}  // namespace

TEST_CASE("everything a pipeline writes moves, what it reads stays") {
  spec::PipelineSpec moved = pipeline();
  move_home(moved, {"/work", "127.0.0.1:1234"});
  CHECK(moved.source.fields.at("input")->text == "/user/in.ndjson");
  CHECK(moved.transforms[0].fields.at("path")->text == "/work/files/1-side.log");
  CHECK(moved.dead_letter->fields.at("path")->text == "/work/files/2-dead.ndjson");
  CHECK(moved.spool->path == "/work/spool");
  CHECK(moved.sink.fields.at("config")->json() == R"({"linger.ms":"7","bootstrap.servers":"127.0.0.1:1234"})");
  CHECK(letter_files(moved, {"/work", ""}) ==
        std::vector<std::string>{"state/p/dead-letters-overflow.ndjson", "files/2-dead.ndjson"});
}

TEST_CASE("devices stay where they are") {
  spec::PipelineSpec moved = pipeline();
  moved.dead_letter = component(object({{"path", text("/dev/null")}}));
  move_home(moved, {"/work", "b"});
  CHECK(moved.dead_letter->fields.at("path")->text == "/dev/null");
  CHECK(letter_files(moved, {"/work", ""}).size() == 1);
}

TEST_CASE("topics are those of the sinks and of transforms, each once") {
  spec::PipelineSpec made = pipeline();
  Value partitions;
  partitions.type = WEIR_INT;
  partitions.integer = 3;
  made.sink.fields.members.emplace_back("create_topic", object({{"partitions", partitions}}));
  made.dead_letter = component(object({{"topic", text("dead")}, {"config", cluster()}}));
  const auto topics = topics_of(made, 12);
  REQUIRE(topics.size() == 3);
  CHECK((topics[0].name == "events" && topics[0].partitions == 3));
  CHECK((topics[1].name == "others" && topics[1].partitions == 3));
  CHECK((topics[2].name == "dead" && topics[2].partitions == 12));
}

TEST_CASE("a pipeline that chaos cannot judge is refused with what is missing") {
  spec::PipelineSpec made = pipeline();
  CHECK(check_suitable(made).ok());
  made.sink = component(object({{"path", text("/user/out")}}));
  CHECK(check_suitable(made).message().find("does not write to a broker") != std::string::npos);
  made = pipeline();
  made.source = component(object({{"config", cluster()}}));
  CHECK(check_suitable(made).message().find("reads from a broker") != std::string::npos);
  made = pipeline();
  ComponentInfo forgetful = info();
  forgetful.capabilities = 0;
  made.source.info = &forgetful;
  CHECK(check_suitable(made).message().find("keeps no positions") != std::string::npos);
}
