#include "models/search/projected_lbfgs.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace giot::search {
namespace {

constexpr std::size_t kMemory = 8;
constexpr double kFirstStep = 0.1;  // The largest change of a level while no curvature is known.
constexpr double kArmijo = 1e-4;
constexpr int kMaxTrials = 12;
constexpr double kSmallestStep = 1e-9;
constexpr double kSmallestGain = 1e-8;  // Of the value's size.
constexpr int kSmallGains = 2;
constexpr double kSmallestCurvature = 1e-10;  // s'y over y'y.

constexpr int kPromisesToJudge = 12;
constexpr double kCredibleShare = 0.4;

}  // namespace

ProjectedLbfgs::ProjectedLbfgs(int dimension) : pairs_(kMemory) {
  const auto n = static_cast<std::size_t>(dimension);
  for (Pair& pair : pairs_) {
    pair.step.resize(n);
    pair.change.resize(n);
  }
  for (auto* row : {&levels_, &gradient_, &direction_, &trial_, &trial_gradient_, &free_}) row->resize(n);
}

void ProjectedLbfgs::Climb(absl::Span<const double> levels, BudgetedObjective& objective) {
  if (objective.Spent()) return;
  known_ = 0;
  of_climb_ = {};
  std::copy(levels.begin(), levels.end(), levels_.begin());
  value_ = objective.ValueAndGradient(levels_, absl::MakeSpan(gradient_));
  int small_gains = 0;
  while (std::isfinite(value_) && small_gains < kSmallGains && FindFree() && !Misled()) {
    FindDirection();
    if (SearchLine(objective)) {
      small_gains = trial_value_ - value_ <= kSmallestGain * std::abs(value_) ? small_gains + 1 : 0;
      Learn();
      levels_.swap(trial_);
      gradient_.swap(trial_gradient_);
      value_ = trial_value_;
    } else if (known_ > 0) {
      known_ = 0;
    } else {
      break;
    }
  }
}

bool ProjectedLbfgs::GradientGuides() const { return of_all_.Credible(); }

bool ProjectedLbfgs::Misled() const { return of_climb_.made >= kPromisesToJudge && !of_climb_.Credible(); }

bool ProjectedLbfgs::Promises::Credible() const { return kept >= kCredibleShare * made; }

bool ProjectedLbfgs::FindFree() {
  bool any = false;
  for (std::size_t j = 0; j < levels_.size(); ++j) {
    const bool held = (levels_[j] >= 1.0 && gradient_[j] > 0.0) || (levels_[j] <= -1.0 && gradient_[j] < 0.0);
    const bool moves = !held && gradient_[j] != 0.0 && std::isfinite(gradient_[j]);
    free_[j] = moves ? 1.0 : 0.0;
    any = any || moves;
  }
  return any;
}

// Nocedal's two loops, with pairs whose curvature is not positive among the free
// levels left out.
void ProjectedLbfgs::FindDirection() {
  const std::size_t n = levels_.size();
  for (std::size_t j = 0; j < n; ++j) direction_[j] = free_[j] != 0.0 ? gradient_[j] : 0.0;
  double scale = 0.0;
  std::array<double, kMemory> curvature;
  for (std::size_t age = 0; age < known_; ++age) {
    Pair& pair = Recent(age);
    const double change_squared = Dot(pair.change, pair.change);
    curvature[age] = Dot(pair.step, pair.change);
    if (!(curvature[age] > kSmallestCurvature * change_squared)) {
      curvature[age] = 0.0;
      continue;
    }
    if (scale == 0.0) scale = curvature[age] / change_squared;
    pair.weight = Dot(pair.step, direction_) / curvature[age];
    for (std::size_t j = 0; j < n; ++j) direction_[j] -= pair.weight * free_[j] * pair.change[j];
  }
  if (scale == 0.0) return ScaleFirstStep();
  for (double& d : direction_) d *= scale;
  for (std::size_t age = known_; age-- > 0;) {
    if (curvature[age] == 0.0) continue;
    const Pair& pair = Recent(age);
    const double weight = pair.weight - Dot(pair.change, direction_) / curvature[age];
    for (std::size_t j = 0; j < n; ++j) direction_[j] += weight * free_[j] * pair.step[j];
  }
}

void ProjectedLbfgs::ScaleFirstStep() {
  double largest = 0.0;
  for (const double d : direction_) largest = std::max(largest, std::abs(d));
  for (double& d : direction_) d *= kFirstStep / largest;
}

bool ProjectedLbfgs::SearchLine(BudgetedObjective& objective) {
  double length = 1.0;
  for (int trial = 0; trial < kMaxTrials; ++trial) {
    const double promised = MoveAlong(length);
    if (!(promised > 0.0) || objective.Spent()) return false;
    trial_value_ = objective.ValueAndGradient(trial_, absl::MakeSpan(trial_gradient_));
    ++of_climb_.made;
    ++of_all_.made;
    const double gain = trial_value_ - value_;
    if (gain >= kArmijo * promised) {
      ++of_climb_.kept;
      ++of_all_.kept;
      return true;
    }
    // The parabola through both values and the slope has its top here.
    length *= std::clamp(0.5 * promised / (promised - gain), 0.1, 0.5);
  }
  return false;
}

// Returns what the gradient promises of trial_; 0 if it is where the climb stands.
double ProjectedLbfgs::MoveAlong(double length) {
  double promised = 0.0;
  double farthest = 0.0;
  for (std::size_t j = 0; j < levels_.size(); ++j) {
    trial_[j] = std::clamp(levels_[j] + length * direction_[j], -1.0, 1.0);
    const double step = trial_[j] - levels_[j];
    promised += free_[j] != 0.0 ? gradient_[j] * step : 0.0;
    farthest = std::max(farthest, std::abs(step));
  }
  return farthest > kSmallestStep ? promised : 0.0;
}

void ProjectedLbfgs::Learn() {
  newest_ = (newest_ + 1) % pairs_.size();
  known_ = std::min(known_ + 1, pairs_.size());
  Pair& pair = pairs_[newest_];
  for (std::size_t j = 0; j < levels_.size(); ++j) {
    pair.step[j] = trial_[j] - levels_[j];
    pair.change[j] = gradient_[j] - trial_gradient_[j];
  }
}

// Four sums side by side, which the compiler may not make of one.
double ProjectedLbfgs::Dot(const std::vector<double>& a, const std::vector<double>& b) const {
  std::array<double, 4> sums{};
  const std::size_t n = a.size();
  for (std::size_t j = 0; j + 4 <= n; j += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) sums[lane] += free_[j + lane] * a[j + lane] * b[j + lane];
  }
  for (std::size_t j = n - n % 4; j < n; ++j) sums[0] += free_[j] * a[j] * b[j];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

}  // namespace giot::search
