# giot::torch: LibTorch as one target whose headers count as system headers, and
# the precompiled header that all sources using it share.
add_library(giot_torch INTERFACE)
add_library(giot::torch ALIAS giot_torch)
target_include_directories(giot_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
target_link_libraries(giot_torch INTERFACE ${TORCH_LIBRARIES})
separate_arguments(_giot_torch_flags UNIX_COMMAND "${TORCH_CXX_FLAGS}")
target_compile_options(giot_torch INTERFACE ${_giot_torch_flags})

# Without -fpch-preprocess, ccache never serves a source that uses a header
# precompiled by GCC. From version 13 on, GCC's flow analysis takes the
# std::vector<bool> that LibTorch's templates inline into ours for an overflow.
set(GIOT_TORCH_COMPILE_FLAGS "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(GIOT_TORCH_COMPILE_FLAGS -fpch-preprocess)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
    list(APPEND GIOT_TORCH_COMPILE_FLAGS -Wno-array-bounds -Wno-stringop-overflow)
  endif()
endif()

file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/giot_torch_pch.cc CONTENT "")
add_library(giot_torch_pch OBJECT ${PROJECT_BINARY_DIR}/giot_torch_pch.cc)
set_target_properties(giot_torch_pch PROPERTIES JOB_POOL_COMPILE torch)
target_link_libraries(giot_torch_pch PRIVATE giot_torch)
target_compile_options(giot_torch_pch PRIVATE ${GIOT_WARNINGS} ${GIOT_SANITIZE_FLAGS} ${GIOT_TORCH_COMPILE_FLAGS})
target_precompile_headers(giot_torch_pch PRIVATE <torch/torch.h> <torch/script.h>)
