// Plugins built against abi.h alone, by two compilers and in C, loaded and run by the host's own registry and adapters.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "abi/instance.h"
#include "json/engine.h"
#include "plugin/registry.h"

using namespace weir::host;
namespace fs = std::filesystem;

namespace {

std::string plugin(const std::string& name) { return std::string(ABI_PLUGINS) + "/" + name + "/" + name + ".so"; }

std::string bytes_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "weir-abi-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
  void write(const std::string& name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

std::string refusal(const std::string& file) {
  Registry registry;
  const Status status = registry.load(file);
  CHECK_FALSE(status.ok());
  CHECK(registry.all().empty());
  CHECK(status.message().starts_with(file + ": "));
  return status.message().substr(std::min(file.size() + 2, status.message().size()));
}

class NoAcks final : public Acks {
 public:
  void ack(std::span<Record* const>, weir_status, const char*) noexcept override {}
};

class OnePartition final : public Positions {
 public:
  std::uint32_t partition(std::string_view) override { return 0; }
  std::optional<std::string> stored(std::string_view) const override { return std::nullopt; }
  Status revoke(std::string_view, Milliseconds) override { return {}; }
};

/// One task's surroundings for a component of a loaded library.
struct Task {
  Registry registry;
  MemoryMeter memory{1u << 20};
  NoAcks acks;
  OnePartition positions;
  json::Engine json;
  SliceHome home{&memory, &acks, &json};
  Slice slice{home};
  spec::Value fields;

  explicit Task(const std::string& file) {
    fields.type = WEIR_OBJECT;
    REQUIRE(registry.load(file).message().empty());
  }
  [[nodiscard]] const weir_component& component(std::uint32_t kind, std::string_view name) const {
    const auto* info = registry.find(kind, name);
    REQUIRE(info != nullptr);
    return *registry.component(*info);
  }
  [[nodiscard]] abi::InstanceHome instance_home() {
    abi::InstanceHome made;
    made.fields = &fields;
    made.json = &json;
    made.positions = &positions;
    return made;
  }
  Record& add(std::string_view value) {
    Record* record = slice.append(*slice.origins()->open(Origin::kNoPartition, kNullBytes, 0));
    record->set_slot(WEIR_VALUE, slice.arena().copy(value));
    return *record;
  }
  [[nodiscard]] std::string value_of(Record& record) {
    json.settle_bytes(record, WEIR_VALUE);
    return std::string(view(record.value()));
  }
};

void check_upper(const std::string& file, std::string_view name) {
  Task task(file);
  spec::Value path;
  path.type = WEIR_STRING;
  path.text = "user.email";
  task.fields.members.emplace_back("field", path);
  const auto made = abi::make_transform(task.component(WEIR_TRANSFORM, name), task.instance_home());
  REQUIRE(made.instance != nullptr);
  REQUIRE(made.instance->start().ok());
  Record& good = task.add(R"({"user" : {"email":"Ann@x.org", "n":12345678901234567890123}})");
  Record& without = task.add(R"({"user":{}})");
  Record& bad = task.add("{");
  const std::vector<Record*> records = task.slice.records();
  REQUIRE(made.instance->apply(records, task.slice).ok());
  CHECK(task.value_of(good) == R"({"user" : {"email":"ANN@X.ORG", "n":12345678901234567890123}})");
  CHECK(task.value_of(without) == R"({"user":{}})");
  CHECK(bad.fate == Fate::failed);
  made.instance->stop();
}

}  // namespace

TEST_CASE("a transform in plain C loads and runs") { check_upper(plugin("upper"), "upper"); }

#ifdef ABI_CLANG_PLUGIN
TEST_CASE("a transform built by clang loads and runs") { check_upper(plugin("clang_upper"), "clang_upper"); }
#endif

TEST_CASE("a plugin that refuses its configuration is refused, not the host") {
  Task task(plugin("upper"));
  const auto made = abi::make_transform(task.component(WEIR_TRANSFORM, "upper"), task.instance_home());
  CHECK(made.instance == nullptr);
  CHECK(made.errors.at(0).status.code() == WEIR_E_CONFIG);
}

TEST_CASE("a plugin for a newer minor is refused") {
  CHECK(refusal(plugin("newer_minor")).starts_with("refused: needs ABI minor 4000000000, this host has "));
}

TEST_CASE("a plugin for another major is refused before it is loaded") {
  CHECK(refusal(plugin("foreign_major")) == "built for ABI major 1, this host speaks 0");
}

TEST_CASE("any other library is no plugin and its constructors do not run") {
  CHECK(refusal(plugin("stranger")) == "no Weir plugin: it exports no weir_plugin_v0");
  CHECK(refusal(plugin("function_only")) == "no Weir plugin: it exports no weir_plugin_v0");
}

TEST_CASE("a file that is not there, a folder and a FIFO are refused at once") {
  const Folder folder;
  CHECK(refusal(folder.file("missing.so")).starts_with("cannot be opened: "));
  REQUIRE(mkdir(folder.file("folder.so").c_str(), 0700) == 0);
  CHECK(refusal(folder.file("folder.so")) == "no Weir plugin: not a regular file");
  REQUIRE(mkfifo(folder.file("fifo.so").c_str(), 0600) == 0);
  CHECK(refusal(folder.file("fifo.so")) == "no Weir plugin: not a regular file");
}

TEST_CASE("a truncated library is refused wherever it ends") {
  const Folder folder;
  const std::string whole = bytes_of_file(plugin("upper"));
  REQUIRE(whole.size() > 4096);
  for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 97) {
    INFO("first " << size << " of " << whole.size() << " bytes");
    folder.write("cut.so", std::string_view(whole).substr(0, size));
    CHECK(refusal(folder.file("cut.so")).starts_with("no Weir plugin: "));
  }
  folder.write("cut.so", std::string_view(whole).substr(0, whole.size() - 1));
  CHECK(refusal(folder.file("cut.so")) ==
        "no Weir plugin: damaged ELF file: its section table lies past its end; is it truncated?");
}

TEST_CASE("random bytes behind an ELF header are refused") {
  const Folder folder;
  const std::string whole = bytes_of_file(plugin("upper"));
  std::uint64_t random = 42;
  for (int round = 0; round < 200; ++round) {
    std::string bytes = whole.substr(0, round % 2 == 0 ? 20 : 64);  // with or without the places of the tables
    while (bytes.size() < 8192) {
      random = random * 6364136223846793005u + 1442695040888963407u;
      bytes += static_cast<char>(random >> 56);
    }
    folder.write("random.so", bytes);
    CHECK(refusal(folder.file("random.so")).starts_with("no Weir plugin: "));
  }
}

TEST_CASE("two libraries with one component are an error that names both") {
  Registry registry;
  REQUIRE(registry.load(plugin("upper")).ok());
  const Status status = registry.load(plugin("duplicate"));
  CHECK_FALSE(status.ok());
  CHECK(status.message() == plugin("duplicate") + ": refused: transform 'upper' is also in " + plugin("upper") +
                                "; remove one of the two libraries");
  CHECK(registry.all().size() == 1);
  CHECK(registry.find(WEIR_TRANSFORM, "upper")->library == plugin("upper"));
}

TEST_CASE("the same file counts once, by whatever name") {
  const Folder folder;
  REQUIRE(symlink(plugin("upper").c_str(), folder.file("alias.so").c_str()) == 0);
  Registry registry;
  CHECK(registry.load(plugin("upper")).ok());
  CHECK(registry.load(plugin("upper")).ok());
  CHECK(registry.load(folder.file("alias.so")).ok());
  CHECK(registry.all().size() == 1);
}

TEST_CASE("a refused file stays refused however often it is met, and is told of once") {
  const Folder folder;
  fs::copy_file(plugin("newer_minor"), folder.file("newer_minor.so"));
  Registry registry;
  registry.load_folder({folder.path(), false});
  registry.load_folder({folder.path(), false});
  CHECK(registry.warnings().size() == 1);
  CHECK_FALSE(registry.load(folder.file("newer_minor.so")).ok());
}

TEST_CASE("a folder's bad libraries do no harm to its good ones") {
  const Folder folder;
  for (const char* name : {"upper", "stranger", "newer_minor", "throwing"})
    fs::copy_file(plugin(name), folder.file(std::string(name) + ".so"));
  folder.write("notes.txt", "no library");
  folder.write("text.so", "no library either");
  Registry registry;
  SECTION("elsewhere they are warnings") {
    registry.load_folder({folder.path(), false});
    CHECK(registry.errors().empty());
    CHECK(registry.warnings().size() == 3);
  }
  SECTION("in Weir's own folder they are errors") {
    registry.load_folder({folder.path(), true});
    CHECK(registry.errors().size() == 3);
    CHECK(registry.warnings().empty());
  }
  CHECK(registry.find(WEIR_TRANSFORM, "upper") != nullptr);
  CHECK(registry.find(WEIR_SOURCE, "throws_in_poll") != nullptr);
  CHECK(registry.find(WEIR_TRANSFORM, "throws_in_poll") == nullptr);
  const auto all = registry.all();
  CHECK(all.size() == 10);
  CHECK(std::is_sorted(all.begin(), all.end(), [](const auto* a, const auto* b) { return a->kind < b->kind; }));
}

TEST_CASE("two libraries of one folder with one component are an error anywhere") {
  const Folder folder;
  fs::copy_file(plugin("upper"), folder.file("a.so"));
  fs::copy_file(plugin("duplicate"), folder.file("b.so"));
  Registry registry;
  registry.load_folder({folder.path(), false});
  REQUIRE(registry.errors().size() == 1);
  CHECK(registry.errors()[0].find("a.so") != std::string::npos);
  CHECK(registry.errors()[0].find("b.so") != std::string::npos);
}

TEST_CASE("a folder that cannot be read is an error") {
  Registry registry;
  registry.load_folder({"/nowhere/at/all", false});
  REQUIRE(registry.errors().size() == 1);
  CHECK(registry.errors()[0].starts_with("/nowhere/at/all: "));
}

TEST_CASE("a constructor that throws refuses the configuration and its text stays inside") {
  Task task(plugin("throwing"));
  const auto made = abi::make_transform(task.component(WEIR_TRANSFORM, "throws_in_constructor"), task.instance_home());
  CHECK(made.instance == nullptr);
  CHECK(made.errors.at(0).status.code() == WEIR_E_CONFIG);
  CHECK(made.errors.at(0).status.message() ==
        "transform 'throws_in_constructor' threw an exception in its constructor");
}

TEST_CASE("an apply that throws fails its records and the next batch goes on") {
  Task task(plugin("throwing"));
  const auto made = abi::make_transform(task.component(WEIR_TRANSFORM, "throws_in_apply"), task.instance_home());
  REQUIRE(made.instance != nullptr);
  Record& one = task.add("1");
  Record& two = task.add("2");
  const std::vector<Record*> records = task.slice.records();
  CHECK(made.instance->apply(records, task.slice).ok());
  CHECK(one.fate == Fate::failed);
  CHECK(two.fate == Fate::filtered);
  REQUIRE(task.slice.records().size() == 3);
  for (Record* record : task.slice.records()) CHECK(record->fate != Fate::live);
  CHECK(std::string_view(one.failure->reason).find("canary") == std::string_view::npos);
  const auto number = abi::make_transform(task.component(WEIR_TRANSFORM, "throws_a_number"), task.instance_home());
  Record& three = task.add("3");
  Record* const third[] = {&three};
  CHECK(number.instance->apply(third, task.slice).ok());
  CHECK(three.fate == Fate::failed);
}

TEST_CASE("a poll that throws stops its task, without a trace of what it had begun") {
  Task task(plugin("throwing"));
  const auto made = abi::make_source(task.component(WEIR_SOURCE, "throws_in_poll"), task.instance_home());
  REQUIRE(made.instance != nullptr);
  REQUIRE(made.instance->start().ok());
  const Status status = made.instance->poll(task.slice, {});
  CHECK(status.code() == WEIR_E_FATAL);
  CHECK(status.message() == "source 'throws_in_poll' threw an exception in poll");
  CHECK(task.slice.records().empty());
  const auto starting = abi::make_source(task.component(WEIR_SOURCE, "throws_in_start"), task.instance_home());
  CHECK(starting.instance->start().code() == WEIR_E_FATAL);
}

TEST_CASE("predicates and sinks that throw hurt their records and task only") {
  Task task(plugin("throwing"));
  Record& record = task.add("1");
  Record* const records[] = {&record};
  const auto sink = abi::make_sink(task.component(WEIR_SINK, "throws_in_put"), task.instance_home());
  std::size_t taken = 0;
  CHECK(sink.instance->put(records, taken).code() == WEIR_E_FATAL);
  CHECK(taken == 1);
  const auto flushing = abi::make_sink(task.component(WEIR_SINK, "throws_in_flush"), task.instance_home());
  CHECK(flushing.instance->flush(Milliseconds(0)).code() == WEIR_E_FATAL);
  const auto predicate = abi::make_predicate(task.component(WEIR_PREDICATE, "throws_in_test"), task.instance_home());
  std::uint8_t matches[] = {0};
  CHECK(predicate.instance->test(records, matches).ok());
  CHECK(record.fate == Fate::failed);
}
