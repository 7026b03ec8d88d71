# weir_add_plugin(NAME SOURCES FILE... [LIBRARIES LIBRARY...])
# The plugin NAME.so: C++20 against the SDK, and one exported symbol whatever it links.
#
# The directory it is built in is WEIR_PLUGIN_OUTPUT_DIRECTORY, or CMake's own choice; it is installed when
# WEIR_PLUGIN_INSTALL_DIRECTORY is set. Needs only the CXX language.
# Cached: called from folders beside this one too.
set(WEIR_PLUGIN_SYMBOLS ${CMAKE_CURRENT_LIST_DIR}/weir_plugin.map CACHE INTERNAL "")

function(weir_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "weir_add_plugin(${name}): what is ${arg_UNPARSED_ARGUMENTS}? Files follow SOURCES, libraries LIBRARIES.")
  endif()
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "weir_add_plugin(${name}) needs SOURCES and at least one file")
  endif()
  add_library(${name} MODULE ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX .so
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
    POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${WEIR_PLUGIN_SYMBOLS})
  if(WEIR_PLUGIN_OUTPUT_DIRECTORY)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${WEIR_PLUGIN_OUTPUT_DIRECTORY})
  endif()
  target_link_libraries(${name} PRIVATE weir::sdk ${arg_LIBRARIES})
  # Hidden visibility leaves the standard library's templates and static libraries exported, and unique symbols shared
  # between plugins: the version script and -fno-gnu-unique (clang makes none) keep every plugin to itself.
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${name} PRIVATE LINKER:--version-script=${WEIR_PLUGIN_SYMBOLS})
  if(WEIR_PLUGIN_INSTALL_DIRECTORY)
    install(TARGETS ${name} LIBRARY DESTINATION ${WEIR_PLUGIN_INSTALL_DIRECTORY})
  endif()
endfunction()
