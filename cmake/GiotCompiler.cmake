# Compiler settings for our own targets; third-party code is left alone.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# An installed program finds a LibTorch that lies outside the system's folders.
set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release, RelWithDebInfo or Debug" FORCE)
endif()

set(GIOT_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  list(APPEND GIOT_WARNINGS -Wthread-safety)
endif()

set(GIOT_SANITIZE_FLAGS "")
if(GIOT_SANITIZE)
  string(REPLACE ";" "," _giot_sanitizers "${GIOT_SANITIZE}")
  set(GIOT_SANITIZE_FLAGS -fsanitize=${_giot_sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  # GCC warns that TSan does not understand the fence of abseil's flags, a sequence
  # lock over atomics that it judges correctly without.
  if("thread" IN_LIST GIOT_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(APPEND GIOT_SANITIZE_FLAGS -Wno-tsan)
  endif()
endif()

# The sloppiness lets ccache serve sources that use a precompiled header.
find_program(GIOT_CCACHE ccache)
if(GIOT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${GIOT_CCACHE})
endif()

# A source that includes torch takes well over 1 GB to compile: one job for each
# 4 GB of memory, two at least.
cmake_host_system_information(RESULT _giot_memory_mb QUERY TOTAL_PHYSICAL_MEMORY)
math(EXPR _giot_torch_jobs "${_giot_memory_mb} / 4096")
if(_giot_torch_jobs LESS 2)
  set(_giot_torch_jobs 2)
endif()
set_property(GLOBAL APPEND PROPERTY JOB_POOLS torch=${_giot_torch_jobs})
