# Compiler settings that every room shares, and the helper that declares a room.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

# The build type of the sanitizer presets: assertions on, line numbers, and quick to compile.
set(CMAKE_C_FLAGS_SANITIZE "-O1 -g1")
set(CMAKE_CXX_FLAGS_SANITIZE "-O1 -g1")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()

if(ROCKETMQ_CXX11_ABI)
  add_compile_definitions(_GLIBCXX_USE_CXX11_ABI=1)
else()
  add_compile_definitions(_GLIBCXX_USE_CXX11_ABI=0)
endif()

if(ROCKETMQ_SANITIZE)
  add_compile_options(-fsanitize=${ROCKETMQ_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ROCKETMQ_SANITIZE})
endif()

if(ROCKETMQ_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_package(Threads REQUIRED)

# For the code of this project only; headers of others are included as SYSTEM.
add_library(project_warnings INTERFACE)
target_compile_options(project_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wnull-dereference -Wimplicit-fallthrough)
if(ROCKETMQ_WARNINGS_ARE_ERRORS)
  target_compile_options(project_warnings INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(project_warnings INTERFACE -Wduplicated-cond -Wlogical-op)
  # GCC 12 reports false positives of these two through inlined standard containers at -O2.
  target_compile_options(project_warnings INTERFACE -Wno-null-dereference -Wno-restrict)
  if(ROCKETMQ_UNITY_BUILD)
    # GCC takes a file that is included for a header, whose anonymous namespaces would be a mistake.
    target_compile_options(project_warnings INTERFACE -Wno-subobject-linkage -Wno-attributes)
  endif()
  if(ROCKETMQ_SANITIZE)
    # Instrumented code confuses its flow analysis; the builds without sanitizers keep the warning.
    target_compile_options(project_warnings INTERFACE -Wno-maybe-uninitialized)
  endif()
else()
  # The SDK's entry points return its pointer class with C linkage.
  target_compile_options(project_warnings INTERFACE -Wno-return-type-c-linkage)
endif()

# rocketmq_add_room(NAME SOURCES file... [LINKS target...] [PRIVATE_LINKS target...])
# declares a static library whose headers are included as "<room>/<file>.h", or "rocketmq/<file>.h" if users may.
function(rocketmq_add_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(rocketmq_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(rocketmq_${name} PUBLIC "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(rocketmq_${name}
    PUBLIC ${ROOM_LINKS}
    PRIVATE ${ROOM_PRIVATE_LINKS} project_warnings)
  set_target_properties(rocketmq_${name} PROPERTIES
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
endfunction()
