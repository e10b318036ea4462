# cmake -D SOURCE_DIR= -D OUTPUT= -D GIOT_VERSION= -D GIOT_COMMIT= -D GIOT_COMPILER= -P WriteVersion.cmake
# Runs with every build, and touches OUTPUT only where its text changes.
if(NOT GIOT_COMMIT)
  set(GIOT_COMMIT unknown)
  # An unpacked tarball may lie inside somebody else's checkout: only our own counts.
  execute_process(COMMAND git rev-parse --show-prefix WORKING_DIRECTORY ${SOURCE_DIR}
    RESULT_VARIABLE result OUTPUT_VARIABLE prefix ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(result EQUAL 0 AND prefix STREQUAL "")
    execute_process(COMMAND git describe --always --dirty --abbrev=12 "--exclude=*" WORKING_DIRECTORY ${SOURCE_DIR}
      RESULT_VARIABLE result OUTPUT_VARIABLE commit ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(result EQUAL 0 AND commit)
      set(GIOT_COMMIT ${commit})
    endif()
  endif()
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/version.h.in ${OUTPUT} @ONLY)
