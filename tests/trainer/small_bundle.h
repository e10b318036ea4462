#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "models/bundle/bundle_writer.h"
#include "models/freshness/tensors/environment.h"
#include "models/screening/tensors/environment.h"
#include "models/uncertain/tensors/environment.h"
#include "trainer/trained_ranges.h"

namespace giot::trainer {

inline std::shared_ptr<const policy::Environment> EnvironmentOf(bundle::Family family) {
  if (family == bundle::Family::kUncertain) return uncertain::MakeEnvironment();
  if (family == bundle::Family::kFreshness) return freshness::MakeEnvironment();
  return screening::MakeEnvironment();
}

inline bundle::MarketRanges RangesOf(bundle::Family family) {
  if (family == bundle::Family::kUncertain) return TrainedRanges(uncertain::UncertainDistribution());
  if (family == bundle::Family::kFreshness) return TrainedRanges(freshness::FreshnessDistribution());
  return TrainedRanges(contract::MarketDistribution());
}

// A small untrained policy.
inline policy::DiffusionPolicy SmallPolicy(bundle::Family family, std::uint64_t seed = 1) {
  torch::manual_seed(seed);
  return policy::DiffusionPolicy(policy::PolicyConfig{8, 2}, EnvironmentOf(family));
}

// Writes one as <root>/<family>/<version>.
inline std::filesystem::path WriteSmallBundle(const std::filesystem::path& root, int version, std::uint64_t seed = 1,
                                              bundle::Family family = bundle::Family::kScreening) {
  bundle::Manifest manifest;
  manifest.family = family;
  manifest.name = std::string(bundle::NameOf(family));
  manifest.version = version;
  manifest.ranges = RangesOf(family);
  manifest.training_command = "none";
  manifest.trainer_version = "test";
  const absl::Status status = bundle::WriteBundle(root, manifest, SmallPolicy(family, seed));
  EXPECT_TRUE(status.ok()) << status;
  return root / manifest.name / std::to_string(version);
}

}  // namespace giot::trainer
