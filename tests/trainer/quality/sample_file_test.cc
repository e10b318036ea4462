#include "trainer/quality/sample_file.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <vector>

namespace giot::trainer {
namespace {

std::vector<Sample> Planned() {
  std::vector<Sample> samples(2);
  samples[1].scene = 3;
  samples[1].recipe.steps = {{camera::Distortion::kRain, 0.5}};
  samples[1].recipe.attack = camera::Attack::kGamma;
  samples[1].recipe.unattacked = 0;
  return samples;
}

std::vector<Sample> Measured() {
  std::vector<Sample> samples = Planned();
  samples[0].found = 0.25;
  samples[1].parts = {0.5, 0.25, 0.125, 0, 1, 0.3, 0.75};
  for (Sample& sample : samples) {
    sample.looks.resize(2);
    for (std::size_t i = 0; i < quality::kFeatures; ++i) sample.looks[1].smoothed[i] = static_cast<float>(i) * 0.37F;
  }
  return samples;
}

class SampleFileTest : public ::testing::Test {
 protected:
  const std::filesystem::path path_ = std::filesystem::path(::testing::TempDir()) / "samples.tsv";
};

TEST_F(SampleFileTest, KeepsWhatWasMeasured) {
  ASSERT_TRUE(WriteSamples(path_, "origin", Measured()).ok());
  std::vector<Sample> samples = Planned();
  ASSERT_TRUE(ReadSamples(path_, "origin", samples).ok());
  EXPECT_EQ(samples[0].found, 0.25);
  EXPECT_EQ(samples[1].found, std::nullopt);
  EXPECT_EQ(samples[1].parts, Measured()[1].parts);
  ASSERT_EQ(samples[1].looks.size(), 2U);
  for (std::size_t i = 0; i < quality::kFeatures; ++i) {
    EXPECT_FLOAT_EQ(samples[1].looks[1].smoothed[i], static_cast<float>(i) * 0.37F);
  }
}

TEST_F(SampleFileTest, RefusesSamplesOfOtherSettings) {
  ASSERT_TRUE(WriteSamples(path_, "origin", Measured()).ok());
  std::vector<Sample> samples = Planned();
  EXPECT_EQ(ReadSamples(path_, "another", samples).code(), absl::StatusCode::kFailedPrecondition);
  samples[1].scene = 4;
  EXPECT_EQ(ReadSamples(path_, "origin", samples).code(), absl::StatusCode::kDataLoss);
}

TEST_F(SampleFileTest, RefusesATruncatedFile) {
  ASSERT_TRUE(WriteSamples(path_, "origin", Measured()).ok());
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) - 300);
  std::vector<Sample> samples = Planned();
  EXPECT_EQ(ReadSamples(path_, "origin", samples).code(), absl::StatusCode::kDataLoss);
}

TEST_F(SampleFileTest, NamesTheFileThatIsMissing) {
  std::vector<Sample> samples;
  EXPECT_EQ(ReadSamples(path_ / "none", "origin", samples).code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace giot::trainer
