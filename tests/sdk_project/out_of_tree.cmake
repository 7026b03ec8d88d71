# cmake -DBUILD=… -DTEMPLATE=… -DWORK=… -DCXX=… -DGENERATOR=… -P out_of_tree.cmake
# Installs the SDK, moves it elsewhere (it must be relocatable), copies the template under another name as `weir new` does, and
# builds and tests it there with find_package and nothing of this repository.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    string(REPLACE ";" " " command "${ARGN}")
    message(FATAL_ERROR "${command}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --component sdk --prefix ${WORK}/first)
file(RENAME ${WORK}/first ${WORK}/sdk)

file(MAKE_DIRECTORY ${WORK}/project)
file(GLOB files RELATIVE ${TEMPLATE} ${TEMPLATE}/*)
foreach(file ${files})
  file(READ ${TEMPLATE}/${file} text)
  string(REPLACE my_transform cut_blanks text "${text}")
  string(REPLACE MyTransform CutBlanks text "${text}")
  string(REPLACE my_transform cut_blanks copy ${file})
  file(WRITE ${WORK}/project/${copy} "${text}")
endforeach()

run(${CMAKE_COMMAND} -S ${WORK}/project -B ${WORK}/build -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${WORK}/sdk -DCMAKE_CXX_COMPILER=${CXX}
    -DCMAKE_CXX_FLAGS=-Werror\ -Wall\ -Wextra\ -Wpedantic)
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${CMAKE_CTEST_COMMAND} --test-dir ${WORK}/build --output-on-failure --no-tests=error)

find_program(NM nm REQUIRED)
run(${NM} -D --defined-only --format=posix ${WORK}/build/cut_blanks.so)
if(NOT output MATCHES "^weir_plugin_v0 [^\n]*\n$")
  message(FATAL_ERROR "the plugin exports more than its one symbol:\n${output}")
endif()
