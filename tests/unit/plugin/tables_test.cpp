#include "plugin/tables.h"

#include <catch2/catch.hpp>

using namespace weir::host;
using plugin::read_plugin;

namespace {

weir_status create(weir_ctx*, const weir_host*, void**) { return WEIR_OK; }
void destroy(void*) {}
weir_status apply(void*, const weir_batch*, weir_output*) { return WEIR_OK; }

/// A library with one good transform, to be broken by each test.
struct Library {
  const char* choices[3] = {"a", "b", nullptr};
  weir_field inner[1] = {{"deep", WEIR_PATH, WEIR_REQUIRED, nullptr, "Deep.", nullptr, nullptr, 0}};
  weir_field fields[2] = {{"mode", WEIR_STRING, 0, "\"a\"", "Mode.", choices, nullptr, 0},
                          {"rules", WEIR_OBJECT, WEIR_LIST, nullptr, "Rules.", nullptr, inner, 1}};
  weir_transform table{
      sizeof(weir_transform), WEIR_PRIVACY, create, destroy, nullptr, apply, nullptr, nullptr, nullptr, nullptr};
  weir_component component{sizeof(weir_component),
                           WEIR_TRANSFORM,
                           "good",
                           "1.2.3",
                           "Does good.",
                           nullptr,
                           sizeof(weir_field),
                           2,
                           fields,
                           &table};
  const weir_component* components[2] = {&component, &component};
  weir_plugin plugin{sizeof(weir_plugin), WEIR_ABI_MINOR, "a test", 1, components};

  Library() = default;
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  std::string error() const { return read_plugin(plugin, "x.so").status().message(); }
};

}  // namespace

TEST_CASE("a predicate may have a field `name`, for its own stands before its mapping") {
  const auto test = [](void*, const weir_batch*, std::uint8_t*) { return WEIR_OK; };
  const weir_predicate table{sizeof(weir_predicate), 0, create, destroy, test};
  Library library;
  library.component.kind = WEIR_PREDICATE;
  library.component.table = &table;
  library.fields[0].name = "name";
  CHECK(library.error().empty());
  library.fields[0].name = "type";
  CHECK(library.error() == "predicate 'good': field 'type': that name is the host's own");
}

TEST_CASE("a component's description is read as values") {
  const Library library;
  const auto read = read_plugin(library.plugin, "x.so");
  REQUIRE(read.ok());
  const spec::ComponentInfo& info = read->front().info;
  CHECK(info.kind == WEIR_TRANSFORM);
  CHECK(info.name == "good");
  CHECK(info.version == "1.2.3");
  CHECK(info.library == "x.so");
  CHECK(info.capabilities == WEIR_PRIVACY);
  CHECK(info.details.empty());
  REQUIRE(info.fields.size() == 2);
  CHECK(info.fields[0].default_json == "\"a\"");
  CHECK(info.fields[0].choices == std::vector<std::string>{"a", "b"});
  CHECK(info.fields[1].is(WEIR_LIST));
  REQUIRE(info.fields[1].fields.size() == 1);
  CHECK(info.fields[1].fields[0].name == "deep");
  CHECK(info.fields[1].fields[0].is(WEIR_REQUIRED));
}

TEST_CASE("a default that is no JSON is refused, however deep it is") {
  Library library;
  library.fields[0].default_json = "country";
  CHECK(library.error() ==
        R"x(transform 'good': field 'mode': its default is no JSON; a text has its quotes: R"("country")" in C++)x");
  Library nested;
  nested.inner[0].default_json = "";
  CHECK(nested.error().find("field 'rules': field 'deep': its default is no JSON") != std::string::npos);
}

TEST_CASE("a minor newer than the host's is refused and says what to do") {
  Library library;
  library.plugin.minor = WEIR_ABI_MINOR + 1;
  CHECK(library.error() == "needs ABI minor " + std::to_string(WEIR_ABI_MINOR + 1) + ", this host has " +
                               std::to_string(WEIR_ABI_MINOR) +
                               ": take a newer host, or build the plugin with a lower WEIR_ABI_TARGET");
}

TEST_CASE("a broken description is refused with the promise it breaks") {
  Library library;
  SECTION("short plugin") {
    library.plugin.struct_size = 8;
    CHECK(library.error() == "its description is too short");
  }
  SECTION("no components") {
    library.plugin.component_count = 0;
    CHECK(library.error().starts_with("it lists no components"));
  }
  SECTION("a NULL component") {
    library.components[0] = nullptr;
    CHECK(library.error() == "one of its components is NULL");
  }
  SECTION("a reserved kind") {
    library.component.kind = WEIR_CONVERTER;
    CHECK(library.error() == "a component is of kind 5, which this host does not know");
  }
  SECTION("a name with capitals") {
    library.component.name = "Good";
    CHECK(library.error() == "a component's name is not lower_snake_case");
  }
  SECTION("no name") {
    library.component.name = nullptr;
    CHECK(library.error() == "a component's name is not lower_snake_case");
  }
  SECTION("no table") {
    library.component.table = nullptr;
    CHECK(library.error() == "transform 'good' has no table");
  }
  SECTION("no apply") {
    library.table.apply = nullptr;
    CHECK(library.error() == "transform 'good' has no function apply");
  }
  SECTION("apply beyond the end of its table") {
    library.table.struct_size = offsetof(weir_transform, apply);
    CHECK(library.error() == "transform 'good' has no function apply");
  }
  SECTION("the same component twice") {
    library.plugin.component_count = 2;
    CHECK(library.error() == "it has two components named 'good' of one kind");
  }
  SECTION("short fields") {
    library.component.field_size = 8;
    CHECK(library.error() == "transform 'good': its fields are too short");
  }
  SECTION("no fields where some are promised") {
    library.component.fields = nullptr;
    CHECK(library.error() == "transform 'good': a table of fields is broken");
  }
  SECTION("a field of the host's") {
    library.fields[0].name = "predicate";
    CHECK(library.error() == "transform 'good': field 'predicate': that name is the host's own");
    library.fields[0].name = "name";
    CHECK(library.error() == "transform 'good': field 'name': that name is the host's own");
  }
  SECTION("a field twice") {
    library.fields[1].name = "mode";
    CHECK(library.error() == "transform 'good': field 'mode' is there twice");
  }
  SECTION("a field of an unknown type") {
    library.inner[0].type = 77;
    CHECK(library.error() == "transform 'good': field 'rules': field 'deep' has a type this host does not know");
  }
  SECTION("fields that contain themselves") {
    library.inner[0].type = WEIR_OBJECT;
    library.inner[0].fields = library.inner;
    library.inner[0].field_count = 1;
    CHECK(library.error().ends_with("a table of fields is broken"));
  }
}

TEST_CASE("a table of a shorter minor has NULL where it ends") {
  Library library;
  library.table.struct_size = offsetof(weir_transform, tick);
  library.component.struct_size = sizeof(weir_component);
  CHECK(read_plugin(library.plugin, "x.so").ok());
}

TEST_CASE("fields of a newer header are read by their own stride") {
  struct WideField {
    weir_field field;
    const char* later = "unknown to this host";
  };
  const WideField wide[2] = {{{"a", WEIR_BOOL, 0, "true", "A.", nullptr, nullptr, 0}},
                             {{"b", WEIR_INT, 0, "1", "B.", nullptr, nullptr, 0}}};
  Library library;
  library.component.fields = &wide[0].field;
  library.component.field_size = sizeof(WideField);
  const auto read = read_plugin(library.plugin, "x.so");
  REQUIRE(read.ok());
  REQUIRE(read->front().info.fields.size() == 2);
  CHECK(read->front().info.fields[1].name == "b");
}
