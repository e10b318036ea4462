#pragma once

#include <functional>

#include "trainer/accounting/run_cost.h"

namespace giot::trainer {

// Where a meter reads; each never decreases.
struct CostClocks {
  std::function<double()> wall_seconds;
  std::function<double()> cpu_seconds;
  std::function<double()> gpu_joules;
};

// The monotonic clock, the CPU time of this process, and no GPU.
CostClocks ProcessClocks();

// Measures from its construction on, on top of what was used before.
class CostMeter {
 public:
  CostMeter(const RunCost& before, CostClocks clocks);

  RunCost Read() const;

 private:
  RunCost Clocks() const;

  RunCost before_;
  CostClocks clocks_;
  RunCost start_;
};

}  // namespace giot::trainer
