#pragma once

#include <functional>

namespace giot::trainer {

// Reads the energy counter of GPU `index` through `library` (NVML, "libnvidia-ml.so.1"),
// loaded at run time: joules since the driver was loaded, of the whole GPU, whoever uses
// it. Empty if there is no such library, no such GPU, or it has no counter (before Volta).
// `index` counts as NVML does, which ignores CUDA_VISIBLE_DEVICES.
std::function<double()> OpenGpuEnergy(const char* library, unsigned index);

}  // namespace giot::trainer
