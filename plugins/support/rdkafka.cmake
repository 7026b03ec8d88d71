# librdkafka, for plugins/ only: the imported target weir_rdkafka and weir_link_rdkafka(TARGET).
#
# Which one: WEIR_RDKAFKA_ROOT if set, else the one that `./dev deps` built, else the system's. A private one is installed beside
# the plugins, and what links it finds it there wherever the tree is moved.
include_guard(GLOBAL)

set(weir_rdkafka_root "${WEIR_RDKAFKA_ROOT}")
if(NOT weir_rdkafka_root AND EXISTS ${PROJECT_SOURCE_DIR}/build/deps/ok)
  set(weir_rdkafka_root ${PROJECT_SOURCE_DIR}/build/deps)
endif()

if(weir_rdkafka_root)
  set(weir_rdkafka_search PATHS ${weir_rdkafka_root} NO_DEFAULT_PATH)
endif()
# Not cached: another root must not find the old files.
find_path(weir_rdkafka_include librdkafka/rdkafka_mock.h PATH_SUFFIXES include ${weir_rdkafka_search} NO_CACHE)
find_library(weir_rdkafka_library rdkafka PATH_SUFFIXES lib ${weir_rdkafka_search} NO_CACHE)
if(NOT weir_rdkafka_include OR NOT weir_rdkafka_library)
  message(FATAL_ERROR "librdkafka not found in '${weir_rdkafka_root}': install librdkafka-dev, run `./dev deps`, or set WEIR_RDKAFKA_ROOT")
endif()

file(STRINGS ${weir_rdkafka_include}/librdkafka/rdkafka.h weir_rdkafka_version REGEX "^#define RD_KAFKA_VERSION +0x")
string(REGEX REPLACE ".*0x([0-9a-f]+).*" "\\1" weir_rdkafka_version "${weir_rdkafka_version}")
message(STATUS "librdkafka ${weir_rdkafka_library} (version 0x${weir_rdkafka_version})")
if(weir_rdkafka_version STRLESS "020601ff")
  message(WARNING "this librdkafka cannot log in to Kafka 4 with SCRAM: `./dev deps` builds one that can")
endif()

add_library(weir_rdkafka SHARED IMPORTED GLOBAL)
set_target_properties(weir_rdkafka PROPERTIES
  IMPORTED_LOCATION ${weir_rdkafka_library}
  INTERFACE_INCLUDE_DIRECTORIES ${weir_rdkafka_include})

if(weir_rdkafka_root)
  file(REAL_PATH ${weir_rdkafka_library} weir_rdkafka_file)
  install(FILES ${weir_rdkafka_file} DESTINATION lib/weir RENAME librdkafka.so.1
          PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
endif()

# Installed, programs lie in bin/ and plugins in lib/weir/plugins/.
function(weir_link_rdkafka target)
  target_link_libraries(${target} PRIVATE weir_rdkafka)
  set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN/..;$ORIGIN/../lib/weir")
endfunction()
