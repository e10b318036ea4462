#pragma once

namespace giot::trainer {

// What a run has used so far, over all its resumes.
struct RunCost {
  double wall_seconds = 0.0;
  double cpu_seconds = 0.0;  // Summed over the threads of the process.
  double gpu_joules = 0.0;   // 0 where no GPU can be measured.
};

RunCost operator+(const RunCost& a, const RunCost& b);

// How usage becomes energy and emissions.
struct PowerModel {
  double cpu_watts = 10.0;  // A busy core.
  double grid_co2 = 400.0;  // g CO2 a kWh.
};

double EnergyKwh(const RunCost& cost, const PowerModel& model);
double Co2Grams(const RunCost& cost, const PowerModel& model);

}  // namespace giot::trainer
