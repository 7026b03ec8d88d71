# cmake -DBUILD=… -DWEIR=… -DKIND=… -DWORK=… -DCXX=… -DGENERATOR=… -P out_of_tree.cmake
# Installs the SDK, the program and the plugins, moves them elsewhere (all is relocatable), and has `weir new KIND` make a project there, which
# is built and tested with find_package and nothing of this repository. Its tests use the installed program: check, test and run.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output WORKING_DIRECTORY ${WORK})
  if(NOT result EQUAL 0)
    string(REPLACE ";" " " command "${ARGN}")
    message(FATAL_ERROR "${command}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

set(NAME cut_${KIND})
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --component sdk --prefix ${WORK}/first)
file(RENAME ${WORK}/first ${WORK}/sdk)
# As the whole installation lays them out, without building what is not needed here.
file(COPY ${WEIR} DESTINATION ${WORK}/sdk/bin)
file(GLOB plugins ${BUILD}/plugins/*.so)
file(COPY ${plugins} DESTINATION ${WORK}/sdk/lib/weir/plugins)

run(${WORK}/sdk/bin/weir new ${KIND} ${NAME})
if(NOT output MATCHES "DCMAKE_PREFIX_PATH=${WORK}/sdk\n")
  message(FATAL_ERROR "weir new does not say where the SDK is:\n${output}")
endif()
run(${CMAKE_COMMAND} -S ${WORK}/${NAME} -B ${WORK}/build -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${WORK}/sdk -DCMAKE_CXX_COMPILER=${CXX}
    -DCMAKE_CXX_FLAGS=-Werror\ -Wall\ -Wextra\ -Wpedantic)
file(STRINGS ${WORK}/build/CMakeCache.txt build_type REGEX "^CMAKE_BUILD_TYPE:")
if(NOT build_type MATCHES "=Release$")
  message(FATAL_ERROR "without a word about it the plugin is built without optimization: ${build_type}")
endif()
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${CMAKE_CTEST_COMMAND} --test-dir ${WORK}/build --output-on-failure --no-tests=error)
if(NOT output MATCHES "tests passed, 0 tests failed out of 3")
  message(FATAL_ERROR "the unit test, the rules and the example are three tests:\n${output}")
endif()

find_program(NM nm REQUIRED)
run(${NM} -D --defined-only --format=posix ${WORK}/build/${NAME}.so)
if(NOT output MATCHES "^weir_plugin_v0 [^\n]*\n$")
  message(FATAL_ERROR "the plugin exports more than its one symbol:\n${output}")
endif()
