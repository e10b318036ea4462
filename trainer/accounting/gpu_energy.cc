#include "trainer/accounting/gpu_energy.h"

#include <dlfcn.h>

namespace giot::trainer {
namespace {

// The few declarations of nvml.h that are needed; 0 is NVML_SUCCESS.
using Device = void*;
using Init = int (*)();
using DeviceByIndex = int (*)(unsigned, Device*);
using TotalEnergy = int (*)(Device, unsigned long long*);  // Millijoules.

template <typename Function>
Function Find(void* library, const char* name) {
  return reinterpret_cast<Function>(dlsym(library, name));
}

}  // namespace

std::function<double()> OpenGpuEnergy(const char* library, unsigned index) {
  // Stays loaded to the end of the process.
  void* const nvml = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (nvml == nullptr) return {};
  const auto init = Find<Init>(nvml, "nvmlInit_v2");
  const auto by_index = Find<DeviceByIndex>(nvml, "nvmlDeviceGetHandleByIndex_v2");
  const auto energy = Find<TotalEnergy>(nvml, "nvmlDeviceGetTotalEnergyConsumption");
  if (init == nullptr || by_index == nullptr || energy == nullptr) return {};
  Device device = nullptr;
  unsigned long long millijoules = 0;
  if (init() != 0 || by_index(index, &device) != 0 || energy(device, &millijoules) != 0) return {};
  return [device, energy, last = millijoules]() mutable {
    unsigned long long now = 0;
    if (energy(device, &now) == 0) last = now;
    return 1e-3 * static_cast<double>(last);
  };
}

}  // namespace giot::trainer
