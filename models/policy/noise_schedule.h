#pragma once

#include <vector>

namespace giot::policy {

// One step t of the reverse chain, x0 being the model's prediction:
//   x_{t-1} = x0_weight x0 + x_weight x_t + noise_scale N(0, 1)
struct DenoisingStep {
  double x0_weight;
  double x_weight;
  double noise_scale;  // 0 at t = 1, where x_0 = x0.
};

// The posterior of the discretised variance-preserving diffusion
//   beta_t = 1 - exp(-beta_min / T - (beta_max - beta_min)(2t - 1) / (2 T^2)),
// (Song et al. 2021; posterior of Ho et al. 2020, eq. 7), in the order in which
// the chain runs: t = T first. Requires steps >= 1, 0 < beta_min <= beta_max.
std::vector<DenoisingStep> VariancePreservingSchedule(int steps, double beta_min, double beta_max);

}  // namespace giot::policy
