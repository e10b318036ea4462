#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "models/bundle/bundle_writer.h"
#include "models/screening/tensors/environment.h"
#include "trainer/trained_ranges.h"

namespace giot::trainer {

// Writes a small untrained policy as <root>/screening/<version>.
inline std::filesystem::path WriteSmallBundle(const std::filesystem::path& root, int version, std::uint64_t seed = 1) {
  torch::manual_seed(seed);
  bundle::Manifest manifest;
  manifest.name = "screening";
  manifest.version = version;
  manifest.ranges = TrainedRanges({});
  manifest.training_command = "none";
  manifest.trainer_version = "test";
  const absl::Status status = bundle::WriteBundle(
      root, manifest, policy::DiffusionPolicy(policy::PolicyConfig{8, 2}, screening::MakeEnvironment()));
  EXPECT_TRUE(status.ok()) << status;
  return root / "screening" / std::to_string(version);
}

}  // namespace giot::trainer
