#include <catch2/catch.hpp>
#include <cstdlib>

#include "plugin/registry.h"

using namespace weir::host;

TEST_CASE("folders are Weir's own, then the command line's, then the environment's") {
  REQUIRE(setenv("WEIR_PLUGINS", "/c::/d", 1) == 0);
  const auto folders = plugin_folders({"/a", "/b"});
  REQUIRE(unsetenv("WEIR_PLUGINS") == 0);
  std::vector<std::string> foreign;
  bool own_first = true;
  for (const PluginFolder& folder : folders) {
    if (folder.own) {
      own_first = own_first && foreign.empty();
    } else {
      foreign.push_back(folder.path);
    }
  }
  CHECK(own_first);
  CHECK(foreign == std::vector<std::string>{"/a", "/b", "/c", "/d"});
}

TEST_CASE("without options and environment only Weir's own folders are searched") {
  REQUIRE(unsetenv("WEIR_PLUGINS") == 0);
  for (const PluginFolder& folder : plugin_folders({})) CHECK(folder.own);
}
