#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "models/search/budgeted_objective.h"
#include "models/search/random_source.h"

namespace giot::search {

struct CmaEsOptions {
  double sigma = 0.7;      // Initial standard deviation of every level, > 0.
  int population = 0;      // Samples a generation, at least 4; 0: 4 + 3 ln n, rounded down.
  std::uint64_t seed = 0;  // Of the samples.
};

// Separable CMA-ES (Ros and Hansen 2008): a search by samples from a normal
// distribution with diagonal covariance, whose mean, scales and step size adapt
// to the samples that rank best. Recombination weights, cumulation and step-size
// control are those of Hansen's tutorial (arXiv:1604.00772); the learning rates
// of the covariance are (n + 2) / 3 times its own, as there are n instead of
// n^2 / 2 numbers to learn. It needs no gradient and sees values through their
// ranks alone.
//
// The box is kept by projection: a sample is evaluated at the nearest point of the
// box, yet adapted to where it was drawn (no penalty, one of the ways compared by
// Biedrzycki 2020). The mean may leave the box by two standard deviations, so that
// levels can settle at a bound, and no further, so that they find back.
//
// One thread at a time. A generation allocates nothing; about 0.1 us + 5 ns n an
// evaluation besides the objective.
class CmaEs {
 public:
  // `mean` in [-1, 1]^n.
  CmaEs(absl::Span<const double> mean, const CmaEsOptions& options);

  // One generation on an objective of dimension n. False if the budget ran out
  // first: the search then stands where it stood before.
  bool Step(BudgetedObjective& objective);

  // Whether further generations hardly matter: the last 20 have not raised the best
  // value of this search by more than 1e-5 of its size, or every level's standard
  // deviation is below 1e-5.
  bool Converged() const;

  int population() const { return population_; }
  absl::Span<const double> mean() const { return mean_; }
  double sigma() const { return sigma_; }

 private:
  // Draws and evaluates a generation. False if the budget ran out.
  bool Sample(BudgetedObjective& objective);
  // Indices of the best samples to the front of order_.
  void Rank();
  // The new mean; the step that it made, in units of sigma, into shift_.
  void MoveMean();
  void AdaptStepSize();
  void AdaptScales();
  void NoteBest();

  const int population_;
  RandomSource random_;
  std::int64_t generation_ = 0;

  // Strategy parameters, named as in the tutorial.
  std::vector<double> weights_;  // Of the best samples, descending; sum 1.
  double mu_eff_, c_sigma_, d_sigma_, c_c_, c_1_, c_mu_, chi_n_;

  // The distribution: mean_ + sigma_ * N(0, diag(scales_)^2).
  double sigma_;
  std::vector<double> mean_, scales_, path_sigma_, path_c_;
  bool path_stalled_ = false;  // 1 - h_sigma: the mean moves too fast to learn from.

  // The generation at hand: steps_ has a row of n a sample, in units of sigma.
  std::vector<double> steps_, values_, sample_, shift_;
  std::vector<int> order_;

  double best_value_;  // That the patience is measured from.
  int idle_generations_ = 0;
};

}  // namespace giot::search
