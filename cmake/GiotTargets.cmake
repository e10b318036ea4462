# One target a folder, all through these three:
#
# giot_cc_library(NAME n [TORCH] [HDRS ...] [SRCS ...] [DEPS ...] [PRIVATE_DEPS ...]) -> giot::n
# giot_cc_binary (NAME n [TORCH] [INSTALL] SRCS ... DEPS ...)
# giot_cc_test   (NAME n [TORCH] LABEL l SRCS ... DEPS ... [ENVIRONMENT K=V ...] [TIMEOUT s])
#
# TORCH compiles against the shared precompiled torch header, in the job pool
# for sources that need much memory. INSTALL puts the program into bin/,
# as an install component of its own name.
include(GiotSanitizers)
include(GiotTorch)
include(GiotVersion)

function(_giot_compile_settings target torch)
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  target_compile_options(${target} PRIVATE ${GIOT_WARNINGS} ${GIOT_SANITIZE_FLAGS})
  target_link_options(${target} PUBLIC ${GIOT_SANITIZE_FLAGS})
  if(torch)
    set_target_properties(${target} PROPERTIES JOB_POOL_COMPILE torch)
    target_link_libraries(${target} PRIVATE giot_torch)
    target_compile_options(${target} PRIVATE ${GIOT_TORCH_COMPILE_FLAGS})
    target_precompile_headers(${target} REUSE_FROM giot_torch_pch)
  endif()
endfunction()

function(giot_cc_library)
  cmake_parse_arguments(ARG "TORCH" "NAME" "HDRS;SRCS;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(giot_${ARG_NAME} STATIC ${ARG_SRCS} ${ARG_HDRS})
  add_library(giot::${ARG_NAME} ALIAS giot_${ARG_NAME})
  list(TRANSFORM ARG_HDRS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  set_target_properties(giot_${ARG_NAME} PROPERTIES GIOT_HEADERS "${ARG_HDRS}")
  _giot_compile_settings(giot_${ARG_NAME} ${ARG_TORCH})
  target_link_libraries(giot_${ARG_NAME} PUBLIC ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
endfunction()

function(giot_cc_binary)
  cmake_parse_arguments(ARG "TORCH;INSTALL" "NAME" "SRCS;DEPS" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SRCS})
  _giot_compile_settings(${ARG_NAME} ${ARG_TORCH})
  target_link_libraries(${ARG_NAME} PRIVATE ${ARG_DEPS})
  if(ARG_INSTALL)
    install(TARGETS ${ARG_NAME} COMPONENT ${ARG_NAME})
  endif()
endfunction()

# One CTest test a program, not one a case: starting a process that links LibTorch
# takes the better part of a second. Cases are counted from the XML they leave in
# test-results/. A time limit is for the release build; sanitizers get ten times it.
function(giot_cc_test)
  cmake_parse_arguments(ARG "TORCH" "NAME;LABEL;TIMEOUT" "SRCS;DEPS;ENVIRONMENT" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(GIOT_SANITIZE)
    math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 10")
  endif()
  set(torch "")
  if(ARG_TORCH)
    set(torch TORCH)
  endif()
  giot_cc_binary(NAME ${ARG_NAME} ${torch} SRCS ${ARG_SRCS} DEPS ${ARG_DEPS} GTest::gmock_main)

  set(scratch ${PROJECT_BINARY_DIR}/test-scratch/${ARG_NAME})
  file(MAKE_DIRECTORY ${scratch})
  add_test(NAME ${ARG_NAME} COMMAND ${GIOT_TEST_LAUNCHER} $<TARGET_FILE:${ARG_NAME}>)
  set_tests_properties(${ARG_NAME} PROPERTIES
    LABELS "${ARG_LABEL}"
    TIMEOUT ${ARG_TIMEOUT}
    ENVIRONMENT "TEST_TMPDIR=${scratch};GTEST_OUTPUT=xml:${PROJECT_BINARY_DIR}/test-results/${ARG_NAME}.xml;${GIOT_SANITIZER_ENVIRONMENT};${ARG_ENVIRONMENT}")
endfunction()
