#include "bench/quality/label_weights.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace giot::bench {
namespace {

class LabelWeightsTest : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(bundle_); }
  void Write(const std::string& text) { std::ofstream(bundle_ / "manifest.json") << text; }

  const std::filesystem::path bundle_ = std::filesystem::path(::testing::TempDir()) / "label_weights";
};

TEST_F(LabelWeightsTest, AreThoseOfTheManifest) {
  Write(R"({"metrics": {"label_weight_gradients": 0.1, "label_weight_structure": 0.2, "label_weight_information": 0.3,
            "label_weight_keypoints": 0.15, "label_weight_coarse": 0.15, "label_weight_responses": 0.1,
            "label_weight_colour": 0.05}})");
  const absl::StatusOr<trainer::Weights> weights = ReadLabelWeights(bundle_);
  ASSERT_TRUE(weights.ok()) << weights.status();
  EXPECT_EQ(*weights, (trainer::Weights{0.1, 0.2, 0.3, 0.15, 0.15, 0.1, 0.05}));
}

TEST_F(LabelWeightsTest, NamesWhatIsMissing) {
  EXPECT_EQ(ReadLabelWeights(bundle_ / "none").status().code(), absl::StatusCode::kNotFound);
  for (const std::string text : {"{}", "[1]", "no json", R"({"metrics": {"label_weight_gradients": 0.1}})"}) {
    Write(text);
    EXPECT_EQ(ReadLabelWeights(bundle_).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace giot::bench
