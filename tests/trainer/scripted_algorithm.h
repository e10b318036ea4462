#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/screening/tensors/environment.h"
#include "trainer/learning/algorithm.h"

namespace giot::trainer {

// An algorithm whose state is one number, x -> x / 2 + iteration, so that any
// step that is lost or taken twice shows. Diverges at `diverges_at`.
class ScriptedAlgorithm : public Algorithm {
 public:
  explicit ScriptedAlgorithm(std::int64_t iterations, std::int64_t diverges_at = -1)
      : iterations_(iterations), diverges_at_(diverges_at) {}

  absl::StatusOr<Scalars> Step(bool want_metrics) override {
    if (iteration_ + 1 == diverges_at_) return absl::OutOfRangeError("loss is nan");
    ++iteration_;
    state_ = state_ / 2 + static_cast<double>(iteration_);
    if (want_metrics) wanted_.push_back(iteration_);
    return Scalars{{"state", state_}};
  }
  std::int64_t iteration() const override { return iteration_; }
  std::int64_t iterations() const override { return iterations_; }
  torch::Tensor Answer(const policy::MarketBatch& markets, const torch::Tensor& noise) const override {
    const torch::NoGradGuard no_grad;
    policy::DiffusionPolicy policy = policy_;
    return policy->forward(markets, noise);
  }
  int noise_steps() const override { return 1; }
  policy::DiffusionPolicy policy() const override { return policy_; }

  void SaveTo(torch::serialize::OutputArchive& archive) const override {
    archive.write("iteration", torch::tensor(iteration_));
    archive.write("state", torch::tensor(state_, torch::kDouble));
  }
  absl::Status LoadFrom(torch::serialize::InputArchive& archive) override {
    torch::Tensor iteration, state;
    archive.read("iteration", iteration);
    archive.read("state", state);
    iteration_ = iteration.item<std::int64_t>();
    state_ = state.item<double>();
    return absl::OkStatus();
  }

  double state() const { return state_; }
  // Iterations after which metrics were wanted.
  const std::vector<std::int64_t>& wanted() const { return wanted_; }

 private:
  static policy::DiffusionPolicy SamePolicy() {
    torch::manual_seed(1);
    return policy::DiffusionPolicy(policy::PolicyConfig{4, 1}, screening::MakeEnvironment());
  }

  std::int64_t iterations_;
  std::int64_t diverges_at_;
  std::int64_t iteration_ = 0;
  double state_ = 0.0;
  std::vector<std::int64_t> wanted_;
  policy::DiffusionPolicy policy_ = SamePolicy();
};

}  // namespace giot::trainer
