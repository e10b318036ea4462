#include "tests/models/bundle/test_bundle.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "models/bundle/bundle_writer.h"
#include "models/policy/diffusion_policy.h"
#include "models/screening/tensors/environment.h"

namespace giot::bundle {

MarketRanges TestRanges() {
  MarketRanges ranges;
  ranges.types = {2, 16};
  ranges.first_type = {0.05, 0.8};
  ranges.value_scale = {0.2, 3.0};
  ranges.value_rate = {5.0, 50.0};
  ranges.cost_curvature = {0.0, 1.0};
  ranges.quality_min = {0.01, 0.1};
  ranges.quality_max = {1.0, 1.0};
  ranges.budget_quality = {1.1, 100.0};
  return ranges;
}

std::filesystem::path WriteTestBundle(const std::filesystem::path& root, std::string name, int version) {
  torch::manual_seed(static_cast<std::uint64_t>(version));
  policy::DiffusionPolicy policy(policy::PolicyConfig{.hidden = 32, .steps = 3}, screening::MakeEnvironment());
  Manifest manifest;
  manifest.name = std::move(name);
  manifest.version = version;
  manifest.ranges = TestRanges();
  manifest.training_command = "none: random weights";
  manifest.seed = static_cast<std::uint64_t>(version);
  manifest.metrics = {{"ratio_mean", 0.5}};
  manifest.trainer_version = "test";
  const absl::Status status = WriteBundle(root, manifest, policy);
  if (!status.ok()) {
    std::fprintf(stderr, "cannot write a test bundle: %s\n", status.ToString().c_str());
    std::abort();
  }
  return root / manifest.name / std::to_string(version);
}

}  // namespace giot::bundle
