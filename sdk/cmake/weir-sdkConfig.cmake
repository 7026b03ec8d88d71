# find_package(weir-sdk): the target weir::sdk (headers, C++20) and the function weir_add_plugin.
# weir_sdk_PREFIX is where it is installed.
include(${CMAKE_CURRENT_LIST_DIR}/weir-sdkTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/weir_add_plugin.cmake)
get_filename_component(weir_sdk_PREFIX ${CMAKE_CURRENT_LIST_DIR}/../../.. ABSOLUTE)
