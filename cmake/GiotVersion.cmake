# giot::version: #include "cmake/version.h" for the program's version, commit and compiler.
set(GIOT_COMMIT "" CACHE STRING "Commit that programs report; empty asks git at build time")

set(_giot_version_header ${PROJECT_BINARY_DIR}/generated/cmake/version.h)
add_custom_target(giot_version_header
  COMMAND ${CMAKE_COMMAND} -D SOURCE_DIR=${PROJECT_SOURCE_DIR} -D OUTPUT=${_giot_version_header}
    -D GIOT_VERSION=${PROJECT_VERSION} -D GIOT_COMMIT=${GIOT_COMMIT}
    -D "GIOT_COMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
    -P ${CMAKE_CURRENT_LIST_DIR}/WriteVersion.cmake
  BYPRODUCTS ${_giot_version_header}
  COMMENT "Checking which commit this is"
  VERBATIM)

add_library(giot_version INTERFACE)
add_library(giot::version ALIAS giot_version)
add_dependencies(giot_version giot_version_header)
target_include_directories(giot_version INTERFACE $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>)
