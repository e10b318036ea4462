#include "tests/models/bundle/test_bundle.h"

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <utility>

#include "models/bundle/bundle_writer.h"
#include "models/policy/diffusion_policy.h"
#include "tests/models/bundle/test_environment.h"

namespace giot::bundle {

MarketRanges TestRanges(Family family) {
  constexpr double kUnbounded = std::numeric_limits<double>::infinity();
  switch (family) {
    case Family::kScreening:
      return {{{"types", {2, 16}},
               {"first_type", {0.05, 0.8}},
               {"value_scale", {0.2, 3.0}},
               {"value_rate", {5.0, 50.0}},
               {"cost_curvature", {0.0, 1.0}},
               {"quality_min", {0.01, 0.1}},
               {"quality_max", {1.0, 1.0}},
               {"budget_quality", {1.1, 100.0}},
               {"probability_min", {0.0, kUnbounded}},
               {"spacing_min", {0.0, kUnbounded}}}};
    case Family::kUncertain:
      return {{{"types", {2, 16}},
               {"first_type", {0.05, 0.8}},
               {"value_rate", {5.0, 50.0}},
               {"cost_curvature", {0.0, 1.0}},
               {"vehicles", {5, 40}},
               {"coverage_value", {0.1, 1.1}},
               {"threshold_value", {0.1, 2.0}},
               {"threshold", {0.1, 0.7}},
               {"threshold_width", {0.01, 0.1}},
               {"outside_option", {0.0, 0.3}},
               {"participation_noise", {0.01, 0.2}},
               {"probability_min", {0.0, kUnbounded}},
               {"spacing_min", {0.0, kUnbounded}}}};
    case Family::kFreshness:
      return {{{"types", {25, 25}},
               {"first_sensing", {0.05, 0.8}},
               {"first_update", {0.02, 0.6}},
               {"last_update", {0.2, 2.0}},
               {"value_scale", {0.5, 5.0}},
               {"value_rate", {2.0, 25.0}},
               {"staleness_rate", {0.05, 0.6}},
               {"probability_min", {0.0, kUnbounded}}}};
  }
  std::abort();
}

std::filesystem::path WriteTestBundle(const std::filesystem::path& root, std::string name, int version, Family family) {
  torch::manual_seed(static_cast<std::uint64_t>(version));
  policy::DiffusionPolicy policy(policy::PolicyConfig{.hidden = 32, .steps = 3}, TestEnvironment(family));
  Manifest manifest;
  manifest.name = std::move(name);
  manifest.version = version;
  manifest.ranges = TestRanges(family);
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
