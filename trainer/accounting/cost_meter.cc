#include "trainer/accounting/cost_meter.h"

#include <chrono>
#include <ctime>
#include <utility>

namespace giot::trainer {

CostClocks ProcessClocks() {
  CostClocks clocks;
  clocks.wall_seconds = [] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  };
  clocks.cpu_seconds = [] {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
  };
  clocks.gpu_joules = [] { return 0.0; };
  return clocks;
}

CostMeter::CostMeter(const RunCost& before, CostClocks clocks)
    : before_(before), clocks_(std::move(clocks)), start_(Clocks()) {}

RunCost CostMeter::Clocks() const { return {clocks_.wall_seconds(), clocks_.cpu_seconds(), clocks_.gpu_joules()}; }

RunCost CostMeter::Read() const {
  const RunCost now = Clocks();
  return before_ + RunCost{now.wall_seconds - start_.wall_seconds, now.cpu_seconds - start_.cpu_seconds,
                           now.gpu_joules - start_.gpu_joules};
}

}  // namespace giot::trainer
