#include <catch2/catch.hpp>
#include <cstring>

#include "bench.h"

using namespace weir::host;
using namespace weir::host::abi;

namespace {

spec::Value number(std::uint32_t type, std::int64_t integer, std::uint64_t uinteger, double real, std::string text) {
  spec::Value value;
  value.type = type;
  value.integer = integer;
  value.uinteger = uinteger;
  value.number = real;
  value.text = std::move(text);
  return value;
}

spec::Value example() {
  spec::Value flag;
  flag.type = WEIR_BOOL;
  flag.boolean = true;
  spec::Value list;
  list.type = WEIR_ARRAY;
  list.items = {object_value({{"field", text_value("a.b")}}), object_value({{"field", text_value("c")}})};
  spec::Value secret = text_value("hunter2");
  secret.secret = true;
  return object_value({{"flag", flag},
                       {"int", number(WEIR_INT, -7, 0, 0, "-7")},
                       {"uint", number(WEIR_UINT, 0, 18446744073709551615u, 0, "18446744073709551615")},
                       {"real", number(WEIR_DOUBLE, 0, 0, 2.5, "2.50")},
                       {"text", text_value("hello")},
                       {"secret", secret},
                       {"rules", list},
                       {"odd/name", text_value("escaped")},
                       {"none", spec::Value{}}});
}

/// Runs `body` inside the create of a transform over `bench`.
Created<Transform> in_create(Bench& bench, std::function<weir_status(weir_ctx*, const weir_host*)> body) {
  bench.hooks.create = std::move(body);
  return bench.transform();
}

}  // namespace

TEST_CASE("configuration is found by pointer, with its type") {
  Bench bench;
  bench.fields = example();
  const auto made = in_create(bench, [](weir_ctx* ctx, const weir_host* host) {
    weir_value value{};
    CHECK(host->config(ctx, str("flag"), &value) == WEIR_OK);
    CHECK((value.type == WEIR_BOOL && value.as.i == 1));
    CHECK(host->config(ctx, str("int"), &value) == WEIR_OK);
    CHECK((value.type == WEIR_INT && value.as.i == -7));
    CHECK(host->config(ctx, str("uint"), &value) == WEIR_OK);
    CHECK((value.type == WEIR_UINT && value.as.u == 18446744073709551615u));
    CHECK(host->config(ctx, str("real"), &value) == WEIR_OK);
    CHECK((value.type == WEIR_DOUBLE && value.as.d == 2.5));
    CHECK(host->config(ctx, str("rules"), &value) == WEIR_OK);
    CHECK((value.type == WEIR_ARRAY && value.as.count == 2));
    CHECK(host->config(ctx, str("rules/1/field"), &value) == WEIR_OK);
    CHECK(view(value.as.s) == "c");
    CHECK(host->config(ctx, str("odd~1name"), &value) == WEIR_OK);
    CHECK(view(value.as.s) == "escaped");
    CHECK(host->config(ctx, str("none"), &value) == WEIR_OK);
    CHECK(value.type == WEIR_NULL);
    CHECK(host->config(ctx, str("secret"), &value) == WEIR_OK);
    CHECK(view(value.as.s) == "hunter2");
    CHECK(host->config(ctx, str("missing"), &value) == WEIR_NOT_FOUND);
    CHECK(host->config(ctx, str("rules/2"), &value) == WEIR_NOT_FOUND);
    return WEIR_OK;
  });
  CHECK(made.instance != nullptr);
}

TEST_CASE("members are visited in file order and a visitor may stop") {
  Bench bench;
  bench.fields = example();
  const auto made = in_create(bench, [](weir_ctx* ctx, const weir_host* host) {
    std::vector<std::string> names;
    const auto keep = [](void* user, weir_str name, const weir_value*) -> weir_status {
      static_cast<std::vector<std::string>*>(user)->emplace_back(name.ptr == nullptr ? "(element)"
                                                                                     : std::string(view(name)));
      return static_cast<std::vector<std::string>*>(user)->size() < 3 ? WEIR_OK : WEIR_END;
    };
    CHECK(host->config_each(ctx, str(""), keep, &names) == WEIR_END);
    CHECK(names == std::vector<std::string>{"flag", "int", "uint"});
    names.clear();
    CHECK(host->config_each(ctx, str("rules"), keep, &names) == WEIR_OK);
    CHECK(names == std::vector<std::string>{"(element)", "(element)"});
    CHECK(host->config_each(ctx, str("nowhere"), keep, &names) == WEIR_NOT_FOUND);
    CHECK(host->config_each(ctx, str("text"), keep, &names) == WEIR_E_USAGE);
    return WEIR_OK;
  });
  CHECK(made.instance != nullptr);
}

TEST_CASE("configuration as JSON keeps numbers as written and lives as long as the instance") {
  Bench bench;
  bench.fields = example();
  weir_str json{};
  const auto made = in_create(bench, [&](weir_ctx* ctx, const weir_host* host) {
    CHECK(host->config_json(ctx, str("missing"), &json) == WEIR_NOT_FOUND);
    weir_str other{};
    CHECK(host->config_json(ctx, str("real"), &other) == WEIR_OK);
    CHECK(view(other) == "2.50");
    return host->config_json(ctx, str("rules"), &json);
  });
  REQUIRE(made.instance != nullptr);
  CHECK(view(json) == R"([{"field":"a.b"},{"field":"c"}])");
}

TEST_CASE("an instance knows its task, its memory, its role and the host's clock") {
  Bench bench;
  const auto made = in_create(bench, [](weir_ctx* ctx, const weir_host* host) {
    CHECK(host->struct_size == sizeof(weir_host));
    CHECK(host->minor == WEIR_ABI_MINOR);
    std::uint32_t count = 0;
    CHECK(host->task(ctx, &count) == 2);
    CHECK(count == 3);
    CHECK(host->memory(ctx) == 1u << 20);
    CHECK(host->role(ctx) == 0);
    CHECK(host->now_ms(ctx) == 1234);
    CHECK(host->extension(ctx, "weir.unknown/1") == nullptr);
    return WEIR_OK;
  });
  CHECK(made.instance != nullptr);
}

TEST_CASE("a sink is told the topics that transforms may choose") {
  Bench bench;
  bench.topics = {"purchases", "views"};
  const weir_topics* topics = nullptr;
  bench.hooks.create = [&](weir_ctx* ctx, const weir_host* host) {
    topics = static_cast<const weir_topics*>(host->extension(ctx, "weir.topics/1"));
    CHECK(host->extension(ctx, nullptr) == nullptr);
    return WEIR_OK;
  };
  const auto made = bench.sink();
  REQUIRE(made.instance != nullptr);
  REQUIRE(topics != nullptr);
  CHECK(topics->struct_size == sizeof(weir_topics));
  REQUIRE(topics->count == 2);
  CHECK(view(topics->names[0]) == "purchases");
  CHECK(view(topics->names[1]) == "views");
}

TEST_CASE("an instance knows its pipeline and what that writes") {
  Bench bench;
  const weir_pipeline* pipeline = nullptr;
  const auto made = in_create(bench, [&](weir_ctx* ctx, const weir_host* host) {
    pipeline = static_cast<const weir_pipeline*>(host->extension(ctx, "weir.pipeline/1"));
    CHECK(host->extension(ctx, "weir.pipeline/2") == nullptr);
    CHECK(host->extension(nullptr, "weir.pipeline/1") == nullptr);
    return WEIR_OK;
  });
  REQUIRE(pipeline != nullptr);
  CHECK(pipeline->struct_size == sizeof(weir_pipeline));
  CHECK(view(pipeline->name) == "orders");
  REQUIRE(pipeline->output_count == 2);
  CHECK(view(pipeline->outputs[0]) == "/out");
  CHECK(view(pipeline->outputs[1]) == "/dead");
}

TEST_CASE("every function of the table is there") {
  const weir_host& table = host_table();
  // The table is plain pointers behind three fields: none of them may be NULL.
  const auto* first = reinterpret_cast<const char*>(&table) + offsetof(weir_host, log_level);
  for (std::size_t at = 0; at < sizeof(weir_host) - offsetof(weir_host, log_level); at += sizeof(void*)) {
    void* slot = nullptr;
    std::memcpy(&slot, first + at, sizeof(slot));
    INFO("slot " << at / sizeof(void*));
    CHECK(slot != nullptr);
  }
}

TEST_CASE("a path that is none is refused with what is wrong with it") {
  Bench bench;
  const auto made = in_create(bench, [](weir_ctx* ctx, const weir_host* host) {
    CHECK(host->compile(ctx, WEIR_VALUE, str("a..b"), WEIR_READ, nullptr) == nullptr);
    return WEIR_E_CONFIG;
  });
  REQUIRE(made.instance == nullptr);
  CHECK(made.errors.at(0).status.code() == WEIR_E_CONFIG);
  CHECK_FALSE(made.errors.at(0).status.message().empty());
  CHECK(made.errors.at(0).status.message() != "transform 'hooked' refused its configuration without saying why");
}

TEST_CASE("paths are compiled in create only, for a slot and a use there is") {
  Bench bench;
  const auto made = in_create(bench, [](weir_ctx* ctx, const weir_host* host) {
    CHECK(host->compile(ctx, WEIR_VALUE, str("a"), WEIR_READ, nullptr) != nullptr);
    CHECK(host->compile(ctx, 2, str("a"), WEIR_READ, nullptr) == nullptr);
    CHECK(host->compile(ctx, WEIR_VALUE, str("a"), 64, nullptr) == nullptr);
    const weir_path* base = host->compile(ctx, WEIR_VALUE, str("items[*]"), WEIR_READ, nullptr);
    CHECK(host->compile(ctx, WEIR_VALUE, str("sku"), WEIR_READ, base) != nullptr);
    CHECK(host->compile(ctx, WEIR_KEY, str("sku"), WEIR_READ, base) == nullptr);
    return WEIR_OK;
  });
  REQUIRE(made.instance != nullptr);
  CHECK(bench.hooks.host->compile(bench.hooks.ctx, WEIR_VALUE, str("a"), WEIR_READ, nullptr) == nullptr);
  CHECK(bench.hooks.host->condition(bench.hooks.ctx, str("text")) == nullptr);
}

TEST_CASE("what create says is the error, at the field it names") {
  Bench bench;
  const auto made = in_create(bench, [](weir_ctx* ctx, const weir_host* host) {
    host->set_error(ctx, str("rules/2/field"), str("is not what it should be"));
    return WEIR_E_CONFIG;
  });
  CHECK(made.instance == nullptr);
  CHECK(made.errors.at(0).pointer == "rules/2/field");
  CHECK(made.errors.at(0).status.message() == "is not what it should be");
}

TEST_CASE("all that create says is told, of one field the last, and not what the host said before") {
  Bench bench;
  bench.fields = example();
  const auto made = in_create(bench, [](weir_ctx* ctx, const weir_host* host) {
    host->set_error(ctx, str("text"), str("is too short"));
    CHECK(host->compile(ctx, WEIR_VALUE, str("a..b"), WEIR_READ, nullptr) == nullptr);
    host->set_error(ctx, str("secret"), str("hunter2 is too easy"));
    host->set_error(ctx, str("text"), str("is too long"));
    return WEIR_E_CONFIG;
  });
  REQUIRE(made.errors.size() == 2);
  CHECK(made.errors[0].pointer == "text");
  CHECK(made.errors[0].status.message() == "is too long");
  CHECK(made.errors[1].pointer == "secret");
  CHECK(made.errors[1].status.message() == "*** is too easy");
}

TEST_CASE("a plugin that never stops complaining is told no more than a hundred times") {
  Bench bench;
  const auto made = in_create(bench, [](weir_ctx* ctx, const weir_host* host) {
    for (int i = 0; i < 10'000; ++i) host->set_error(ctx, str("field" + std::to_string(i)), str("is wrong"));
    return WEIR_E_CONFIG;
  });
  CHECK(made.errors.size() == 100);
}

TEST_CASE("a constructor that throws is a refused configuration, without the exception's text") {
  Bench bench;
  bool destroyed = false;
  bench.hooks.destroy = [&] { destroyed = true; };
  const auto made =
      in_create(bench, [](weir_ctx*, const weir_host*) -> weir_status { throw std::runtime_error("canary"); });
  CHECK(made.instance == nullptr);
  CHECK(made.errors.at(0).status.code() == WEIR_E_CONFIG);
  CHECK(made.errors.at(0).status.message() == "transform 'hooked' threw an exception in its constructor");
  CHECK_FALSE(destroyed);
}

TEST_CASE("a create that returns what is no answer breaks the contract") {
  Bench bench;
  const auto made = in_create(bench, [](weir_ctx*, const weir_host*) { return WEIR_END; });
  CHECK(made.instance == nullptr);
  CHECK(made.errors.at(0).status.code() == WEIR_E_CONFIG);
  CHECK(made.errors.at(0).status.message() == "transform 'hooked' broke the plugin contract: create returned END");
}

TEST_CASE("an instance is destroyed once") {
  Bench bench;
  int destroyed = 0;
  bench.hooks.destroy = [&] { ++destroyed; };
  { const auto made = bench.transform(); }
  CHECK(destroyed == 1);
}
