#include <catch2/catch.hpp>

#include "nodes.h"
#include "spec/pipeline_spec.h"
#include "test_catalog.h"

namespace weir::host::spec {
namespace {

struct Checked {
  TestCatalog catalog;
  Diagnostics diagnostics;
  std::vector<PipelineSpec> pipelines;

  explicit Checked(const Node& document) : Checked(std::vector<Node>{document}) {}
  explicit Checked(const std::vector<Node>& documents)
      : pipelines(check_pipelines(documents, "f.yaml", "/d", catalog, diagnostics)) {}
  [[nodiscard]] const PipelineSpec& one() const { return pipelines.at(0); }
};

Node transform(const std::string& type, std::vector<std::pair<std::string, Node>> more = {}) {
  std::vector<std::pair<std::string, Node>> members = {{"type", plain(type)}};
  for (auto& member : more) members.push_back(std::move(member));
  return map(std::move(members));
}

Node redact() { return transform("redact", {{"rules", list({})}}); }

std::vector<std::string> names(const PipelineSpec& pipeline) {
  std::vector<std::string> out;
  for (const ComponentSpec& spec : pipeline.transforms) out.push_back(spec.name);
  return out;
}

}  // namespace

TEST_CASE("a pipeline of name, source and sink has the documented defaults") {
  const Checked checked(pipeline());
  INFO(checked.diagnostics.text());
  REQUIRE(checked.pipelines.size() == 1);
  const PipelineSpec& spec = checked.one();
  CHECK(spec.name == "orders");
  CHECK(spec.file == "f.yaml");
  CHECK(spec.tasks_max == 1);
  CHECK(spec.transform_threads == 0);
  CHECK(spec.memory == 64u << 20);
  CHECK(spec.tolerance == Tolerance::none);
  CHECK(spec.retry_timeout == std::chrono::minutes(5));
  CHECK(spec.retry_delay_max == std::chrono::seconds(60));
  CHECK(spec.offsets_interval == std::chrono::milliseconds(250));
  CHECK(spec.shutdown_timeout == std::chrono::seconds(10));
  CHECK(spec.source.info == checked.catalog.find(WEIR_SOURCE, "file"));
  CHECK(spec.source.name == "file");
  CHECK(spec.source.fields.at("path")->text == "/d/in");
  CHECK(spec.source.fields.at("type") == nullptr);
  CHECK(spec.transforms.empty());
  CHECK_FALSE(spec.dead_letter.has_value());
}

TEST_CASE("what is written replaces the defaults") {
  const Checked checked(pipeline(
      {{"tasks_max", plain("4")},
       {"transform_threads", plain("64")},
       {"memory", plain("1GiB")},
       {"errors", map({{"tolerance", plain("all")}, {"retry_timeout", plain("1h")}, {"retry_delay_max", plain("2s")}})},
       {"offsets", map({{"interval", plain("1s")}})},
       {"shutdown_timeout", plain("0")}}));
  INFO(checked.diagnostics.text());
  const PipelineSpec& spec = checked.one();
  CHECK(spec.tasks_max == 4);
  CHECK(spec.transform_threads == 64);
  CHECK(spec.memory == 1u << 30);
  CHECK(spec.tolerance == Tolerance::all);
  CHECK(spec.retry_timeout == std::chrono::hours(1));
  CHECK(spec.retry_delay_max == std::chrono::seconds(2));
  CHECK(spec.offsets_interval == std::chrono::seconds(1));
  CHECK(spec.shutdown_timeout == std::chrono::milliseconds(0));
}

TEST_CASE("tasks may share the memory down to 16 KiB each") {
  const auto errors = [](const std::string& memory, const std::string& tasks) {
    return Checked(pipeline({{"memory", plain(memory)}, {"tasks_max", plain(tasks)}})).diagnostics.error_count();
  };
  CHECK(errors("64KiB", "4") == 0);
  CHECK(errors("64KiB", "5") == 1);
  CHECK(errors("80KiB", "5") == 0);
  CHECK(Checked(pipeline({{"tasks_max", plain("1024")}})).diagnostics.error_count() == 0);
}

TEST_CASE("a group that is given in part keeps the other defaults") {
  const Checked checked(pipeline({{"errors", map({{"retry_delay_max", plain("2s")}})}}));
  CHECK(checked.one().retry_timeout == std::chrono::minutes(5));
  CHECK(checked.one().retry_delay_max == std::chrono::seconds(2));
}

TEST_CASE("tolerance is all with a dead letter sink and what is written otherwise") {
  const Node sink = map({{"type", plain("file")}, {"path", plain("x")}});
  CHECK(Checked(pipeline({{"dead_letter", sink}})).one().tolerance == Tolerance::all);
  const Checked none(pipeline({{"dead_letter", sink}, {"errors", map({{"tolerance", plain("none")}})}}));
  CHECK(none.one().tolerance == Tolerance::none);
  CHECK(none.diagnostics.text().find("warning: with 'tolerance: none' nothing reaches the dead letter sink") !=
        std::string::npos);
  CHECK(Checked(pipeline({{"errors", map({{"tolerance", plain("all")}})}})).one().tolerance == Tolerance::all);
}

TEST_CASE("a transform without a name has its type, made unique") {
  const Checked checked(pipeline(
      {{"transforms",
        list({transform("filter"), redact(), transform("filter"), transform("filter", {{"name", plain("filter-2")}}),
              transform("filter"), transform("filter", {{"name", plain("own")}})})}}));
  INFO(checked.diagnostics.text());
  CHECK(names(checked.one()) ==
        std::vector<std::string>{"filter", "redact", "filter-3", "filter-2", "filter-4", "own"});
}

TEST_CASE("the host's own keys of a transform are not among its fields") {
  const Checked checked(pipeline({{"predicates", map({{"gone", transform("is_tombstone")}})},
                                  {"transforms", list({transform("set", {{"field", plain("a")},
                                                                         {"value", plain("1")},
                                                                         {"predicate", plain("gone")},
                                                                         {"negate", plain("true")},
                                                                         {"privacy", plain("true")}})})}}));
  INFO(checked.diagnostics.text());
  const ComponentSpec& set = checked.one().transforms.at(0);
  CHECK(set.fields.json() == R"({"field":"a","value":1})");
  CHECK(set.predicate == "gone");
  CHECK(set.negate);
  CHECK(set.privacy);
  CHECK(checked.one().predicates.at(0).name == "gone");
}

TEST_CASE("a predicate may have a field called name, because the host has none there") {
  const Checked checked(
      pipeline({{"predicates", map({{"traced", map({{"type", plain("has_header")}, {"name", plain("trace")}})}})},
                {"transforms", list({transform("filter", {{"predicate", plain("traced")}})})}}));
  INFO(checked.diagnostics.text());
  CHECK(checked.one().predicates.at(0).fields.at("name")->text == "trace");
}

TEST_CASE("a predicate nobody uses is a warning") {
  const Checked checked(pipeline({{"predicates", map({{"gone", transform("is_tombstone")}})}}));
  CHECK(checked.pipelines.size() == 1);
  CHECK(checked.diagnostics.text() == "f.yaml:7:1: warning: predicate 'gone' is not used\n");
}

TEST_CASE("a pipeline protects people when a transform does, by itself or because it is told to") {
  CHECK_FALSE(Checked(pipeline({{"transforms", list({transform("filter")})}})).one().has_privacy_transform());
  CHECK(Checked(pipeline({{"transforms", list({redact()})}})).one().has_privacy_transform());
  CHECK(Checked(pipeline({{"transforms", list({transform("filter", {{"privacy", plain("true")}})})}}))
            .one()
            .has_privacy_transform());
}

TEST_CASE("the topics that transforms name are told once each, whatever they stand in") {
  const Node routes = list({map({{"topic", plain("b")}}), map({{"topic", plain("a")}}), map({{"topic", plain("b")}})});
  const Checked checked(pipeline(
      {{"transforms",
        list({transform("sampler", {{"topic", plain("a")}}),
              transform("router", {{"routes", routes}, {"other", plain("no-topic")}}), transform("sampler")})}}));
  INFO(checked.diagnostics.text());
  REQUIRE(checked.pipelines.size() == 1);
  CHECK(checked.one().declared_topics() == std::vector<std::string>{"a", "b"});
  CHECK(Checked(pipeline()).one().declared_topics().empty());
}

TEST_CASE("plain dead letters are allowed without a privacy transform only") {
  const Node sink = map({{"type", plain("file")}, {"path", plain("x")}, {"payload", plain("plain")}});
  const Checked allowed(pipeline({{"dead_letter", sink}}));
  REQUIRE(allowed.pipelines.size() == 1);
  CHECK(allowed.one().dead_letter->fields.json() == R"({"path":"/d/x"})");
  CHECK(Checked(pipeline({{"dead_letter", sink}, {"transforms", list({redact()})}})).diagnostics.has_errors());
  CHECK(Checked(pipeline(
                    {{"dead_letter", sink}, {"transforms", list({transform("filter", {{"privacy", plain("true")}})})}}))
            .diagnostics.has_errors());
}

TEST_CASE("a broken pipeline is left out and the others of its file are kept") {
  const Checked checked({pipeline({{"memory", plain("1")}}), pipeline()});
  CHECK(checked.diagnostics.error_count() == 1);
  CHECK(checked.pipelines.size() == 1);
}

TEST_CASE("a second pipeline of the same name is found in other files and in broken pipelines") {
  PipelineNames names;
  Diagnostics diagnostics;
  names.add({pipeline()}, "a.yaml", diagnostics);
  CHECK_FALSE(diagnostics.has_errors());
  names.add({map({{"name", plain("orders")}}), map({{"name", plain("other")}})}, "b.yaml", diagnostics);
  CHECK(diagnostics.text() ==
        "b.yaml:7:3: error: a second pipeline with the name 'orders'; the first one is at a.yaml:7\n");
}

TEST_CASE("pipelines whose types are unset are left out with a warning") {
  const Checked checked(map({{"name", plain("a")},
                             {"source", map({{"type", unset(plain(""))}, {"x", plain("1")}})},
                             {"sink", map({{"type", plain("stdout")}})}}));
  CHECK_FALSE(checked.diagnostics.has_errors());
  CHECK(checked.diagnostics.text().find("warning: the pipeline was checked in part only") != std::string::npos);
  CHECK(checked.pipelines.empty());
}

TEST_CASE("diagnostics are sorted by file and place, and none is shown twice") {
  Diagnostics diagnostics;
  diagnostics.error("b", {1, 1}, "x");
  diagnostics.error("a", {10, 1}, "x");
  diagnostics.warning("a", {9, 2}, "y", "z");
  diagnostics.error("a", {10, 1}, "x");
  diagnostics.error("a", {}, "whole file");
  CHECK(diagnostics.text() == "a: error: whole file\na:9:2: warning: y; z\na:10:1: error: x\nb:1:1: error: x\n");
}

TEST_CASE("of very many diagnostics the first are kept and the rest are counted") {
  Diagnostics diagnostics;
  for (std::size_t i = 0; i < 5000; ++i) diagnostics.error("a", {i + 1, 1}, "x");
  CHECK(diagnostics.error_count() == 5000);
  CHECK(diagnostics.all().size() == 2000);
  CHECK(diagnostics.text().find("and 3000 more\n") != std::string::npos);
}

TEST_CASE("a spool has the documented defaults and what is written") {
  CHECK_FALSE(Checked(pipeline()).one().spool.has_value());
  const Checked bare(pipeline({{"spool", map({{"path", plain("spool/orders")}})}}));
  INFO(bare.diagnostics.text());
  REQUIRE(bare.one().spool.has_value());
  CHECK(bare.one().spool->path == "/d/spool/orders");
  CHECK(bare.one().spool->max_bytes == std::uint64_t{50} << 30);
  CHECK(bare.one().spool->max_age == std::chrono::hours(24 * 30));
  CHECK(bare.one().spool->keep_delivered == std::chrono::milliseconds(0));
  CHECK(bare.one().spool->secrets.empty());
  CHECK(bare.one().shares() == 2);

  const Checked written(pipeline({{"tasks_max", plain("3")},
                                  {"spool", map({{"path", plain("/s")},
                                                 {"max_bytes", plain("1TiB")},
                                                 {"max_age", plain("36h")},
                                                 {"keep_delivered", plain("7d")},
                                                 {"encryption_secret", secret(plain("0123456789abcdef"))}})}}));
  INFO(written.diagnostics.text());
  const SpoolSpec& spool = *written.one().spool;
  CHECK(spool.path == "/s");
  CHECK(spool.max_bytes == std::uint64_t{1} << 40);
  CHECK(spool.max_age == std::chrono::hours(36));
  CHECK(spool.keep_delivered == std::chrono::hours(7 * 24));
  CHECK(spool.secrets == "0123456789abcdef");
  CHECK(written.one().shares() == 4);
}

TEST_CASE("the first transforms may work before the spool") {
  const Checked checked(
      pipeline({{"spool", map({{"path", plain("s")}})},
                {"transforms", list({transform("filter", {{"at", plain("ingest")}}), transform("filter")})}}));
  INFO(checked.diagnostics.text());
  CHECK(checked.one().ingest_transforms() == 1);
  CHECK(checked.one().transforms[0].at_ingest);
  CHECK_FALSE(checked.one().transforms[1].at_ingest);
  CHECK(checked.one().transforms[0].fields.at("at") == nullptr);
}

TEST_CASE("a spool in plain before a transform that protects people is warned of") {
  const auto warnings = [](Node spool, Node protecting) {
    const Checked checked(pipeline({{"spool", std::move(spool)}, {"transforms", list({std::move(protecting)})}}));
    REQUIRE(checked.diagnostics.error_count() == 0);
    return checked.diagnostics.text();
  };
  const Node in_plain = map({{"path", plain("s")}});
  const Node encrypted = map({{"path", plain("s")}, {"encryption_secret", plain("0123456789abcdef")}});
  const std::string text = warnings(in_plain, redact());
  CHECK(text.find("the spool keeps on disk, in plain, what 'redact' is to protect") != std::string::npos);
  CHECK(warnings(encrypted, redact()).empty());
  CHECK(warnings(in_plain, transform("redact", {{"rules", list({})}, {"at", plain("ingest")}})).empty());
  CHECK(warnings(in_plain, transform("filter")).empty());
}

}  // namespace weir::host::spec
