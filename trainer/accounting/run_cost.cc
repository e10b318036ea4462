#include "trainer/accounting/run_cost.h"

namespace giot::trainer {

RunCost operator+(const RunCost& a, const RunCost& b) {
  return {a.wall_seconds + b.wall_seconds, a.cpu_seconds + b.cpu_seconds, a.gpu_joules + b.gpu_joules};
}

double EnergyKwh(const RunCost& cost, const PowerModel& model) {
  constexpr double kJoulesPerKwh = 3.6e6;
  return (cost.cpu_seconds * model.cpu_watts + cost.gpu_joules) / kJoulesPerKwh;
}

double Co2Grams(const RunCost& cost, const PowerModel& model) { return EnergyKwh(cost, model) * model.grid_co2; }

}  // namespace giot::trainer
