#include "models/policy/runtime.h"

namespace giot {
namespace {

// As giot-server does, before a test makes the first tensor.
[[maybe_unused]] const bool kOneThread = (policy::SetComputeThreads(1), true);

}  // namespace
}  // namespace giot
