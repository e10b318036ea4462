#include "models/policy/noise_schedule.h"

#include <cmath>

namespace giot::policy {

std::vector<DenoisingStep> VariancePreservingSchedule(int steps, double beta_min, double beta_max) {
  std::vector<DenoisingStep> chain(static_cast<std::size_t>(steps));
  double alpha_bar_previous = 1.0;  // Product of alpha_1 .. alpha_{t-1}.
  for (int t = 1; t <= steps; ++t) {
    const double alpha =
        std::exp(-beta_min / steps - 0.5 * (beta_max - beta_min) * (2.0 * t - 1.0) / (double{1} * steps * steps));
    const double beta = 1.0 - alpha;
    const double alpha_bar = alpha_bar_previous * alpha;
    chain[static_cast<std::size_t>(steps - t)] = {std::sqrt(alpha_bar_previous) * beta / (1.0 - alpha_bar),
                                                  std::sqrt(alpha) * (1.0 - alpha_bar_previous) / (1.0 - alpha_bar),
                                                  std::sqrt(beta * (1.0 - alpha_bar_previous) / (1.0 - alpha_bar))};
    alpha_bar_previous = alpha_bar;
  }
  return chain;
}

}  // namespace giot::policy
