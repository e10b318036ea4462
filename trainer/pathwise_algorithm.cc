#include "trainer/pathwise_algorithm.h"

namespace giot::trainer {
namespace {

class PathwiseAlgorithm : public Algorithm {
 public:
  PathwiseAlgorithm(const PathwiseConfig& config, torch::Device device) : trainer_(config, device) {}

  absl::StatusOr<Scalars> Step(bool want_metrics) override {
    const absl::StatusOr<StepMetrics> metrics = trainer_.Step(want_metrics);
    if (!metrics.ok()) return metrics.status();
    return Scalars{
        {"loss", metrics->loss}, {"gradient_norm", metrics->gradient_norm}, {"learning_rate", metrics->learning_rate}};
  }
  std::int64_t iteration() const override { return trainer_.iteration(); }
  std::int64_t iterations() const override { return trainer_.config().iterations; }
  policy::DiffusionPolicy policy() const override { return trainer_.averaged_policy(); }
  void SaveTo(torch::serialize::OutputArchive& archive) const override { trainer_.SaveTo(archive); }
  absl::Status LoadFrom(torch::serialize::InputArchive& archive) override { return trainer_.LoadFrom(archive); }

 private:
  PathwiseTrainer trainer_;
};

}  // namespace

std::unique_ptr<Algorithm> MakePathwiseAlgorithm(const PathwiseConfig& config, torch::Device device) {
  return std::make_unique<PathwiseAlgorithm>(config, device);
}

}  // namespace giot::trainer
