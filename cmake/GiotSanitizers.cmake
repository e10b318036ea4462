# How tests run under GIOT_SANITIZE. Debian's LibTorch, gRPC, Protobuf and abseil
# are not instrumented; CONTRIBUTING.md lists what of them is silenced, and why.
set(GIOT_SANITIZER_ENVIRONMENT "")
set(GIOT_TEST_LAUNCHER "")

if("address" IN_LIST GIOT_SANITIZE)
  list(APPEND GIOT_SANITIZER_ENVIRONMENT
    # A vector grown by our code and emptied in a library would be flagged.
    "ASAN_OPTIONS=detect_container_overflow=0:detect_stack_use_after_return=1")
endif()
if("undefined" IN_LIST GIOT_SANITIZE)
  list(APPEND GIOT_SANITIZER_ENVIRONMENT "UBSAN_OPTIONS=print_stacktrace=1")
endif()
if("thread" IN_LIST GIOT_SANITIZE)
  list(APPEND GIOT_SANITIZER_ENVIRONMENT
    # Accesses made by libraries that are not instrumented are not judged.
    "TSAN_OPTIONS=ignore_noninstrumented_modules=1:halt_on_error=1:second_deadlock_stack=1:suppressions=${PROJECT_SOURCE_DIR}/cmake/sanitizers/tsan.supp")
  # GCC 12's runtime cannot place its shadow where the kernel randomises more
  # than 28 bits of the address space.
  file(READ /proc/sys/vm/mmap_rnd_bits _giot_random_bits)
  if(_giot_random_bits GREATER 28)
    set(GIOT_TEST_LAUNCHER setarch ${CMAKE_SYSTEM_PROCESSOR} -R)
  endif()
endif()
