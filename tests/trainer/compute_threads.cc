#include <gtest/gtest.h>

#include "models/policy/runtime.h"

namespace {

// Bit-for-bit statements hold for one thread.
class OneThread : public testing::Environment {
 public:
  void SetUp() override { giot::policy::SetComputeThreads(1); }
};

[[maybe_unused]] const testing::Environment* const one_thread = testing::AddGlobalTestEnvironment(new OneThread);

}  // namespace
