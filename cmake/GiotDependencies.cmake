# What a bare GPU box must have for GIOT_COMPONENTS=trainer; LibTorch 2.x and the
# rest may lie anywhere on CMAKE_PREFIX_PATH.
find_package(Threads REQUIRED)
find_package(absl REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Sodium REQUIRED)
find_package(Torch REQUIRED)
# Torch's own search prefers the system's library, whatever its headers are.
if(NOT TORCH_LIBRARY MATCHES "^${TORCH_INSTALL_PREFIX}")
  message(FATAL_ERROR "LibTorch's headers are below ${TORCH_INSTALL_PREFIX}, but its library was found as ${TORCH_LIBRARY}; "
    "put the folder that holds LibTorch's lib/ and include/ on CMAKE_PREFIX_PATH")
endif()
# Images: only the quality of sensing data needs them, and the policy trains without.
find_package(OpenCV 4.6 QUIET COMPONENTS core imgproc imgcodecs features2d dnn videoio)
if(GIOT_COMPONENTS STREQUAL "all" AND NOT OpenCV_FOUND)
  message(FATAL_ERROR "OpenCV 4.6 or newer is missing; scripts/setup installs it")
endif()

if(GIOT_COMPONENTS STREQUAL "all")
  find_package(Protobuf REQUIRED)
  find_package(gRPC REQUIRED)
  find_package(spdlog REQUIRED)
  find_package(SQLite3 3.40 REQUIRED)
  find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
  # HTTP to a CometBFT engine; only pkg-config knows the definitions that Debian's library was compiled with.
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(Httplib REQUIRED IMPORTED_TARGET cpp-httplib)
endif()
if(GIOT_BUILD_TESTS)
  find_package(GTest REQUIRED)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
endif()
if(GIOT_BUILD_BENCH)
  find_package(benchmark REQUIRED)
endif()
