#pragma once

#include <memory>

#include "trainer/distributed/communicator.h"

namespace giot::trainer {

// The communicator of a run of one process: every call succeeds and leaves its
// tensors alone.
std::unique_ptr<Communicator> MakeSingleProcess();

}  // namespace giot::trainer
