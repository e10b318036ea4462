#include "models/quality/patch_grid.h"

#include <set>

#include "gtest/gtest.h"

namespace giot::quality {
namespace {

TEST(PatchGridTest, PatchesLieInsideEveryImageAndAreAlike) {
  for (const auto& [width, height] :
       {std::pair(64, 64), {65, 66}, {97, 64}, {640, 360}, {361, 641}, {1920, 1080}, {9000, 70}}) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const std::vector<cv::Rect> patches = ChoosePatches({width, height}, seed);
      ASSERT_FALSE(patches.empty());
      ASSERT_LE(patches.size(), static_cast<std::size_t>(kMaxPatches));
      for (const cv::Rect& patch : patches) {
        EXPECT_EQ(patch & cv::Rect(0, 0, width, height), patch);
        EXPECT_EQ(patch.size(), patches[0].size());
        EXPECT_EQ(patch.width, patch.height);
        EXPECT_GE(patch.width, 64);
        EXPECT_EQ(patch.x % 2 + patch.y % 2 + patch.width % 2, 0);
      }
    }
  }
}

TEST(PatchGridTest, PatchesDoNotOverlapWhereThereIsRoom) {
  const std::vector<cv::Rect> patches = ChoosePatches({1280, 720}, 4);
  EXPECT_EQ(patches.size(), static_cast<std::size_t>(kMaxPatches));
  for (std::size_t i = 0; i < patches.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_EQ((patches[i] & patches[j]).area(), 0);
  }
}

TEST(PatchGridTest, SeedsReachAllPlacesOfACell) {
  std::set<int> left_edges;
  for (std::uint64_t seed = 0; seed < 500; ++seed) left_edges.insert(ChoosePatches({1280, 720}, seed)[0].x);
  // A cell of 160 pixels leaves a patch of 96 the even places 0 to 64.
  EXPECT_EQ(left_edges.size(), 33U);
  EXPECT_EQ(*left_edges.begin(), 0);
  EXPECT_EQ(*left_edges.rbegin(), 64);
}

TEST(PatchGridTest, FollowsFromTheSeed) {
  EXPECT_EQ(ChoosePatches({1280, 720}, 4), ChoosePatches({1280, 720}, 4));
  EXPECT_NE(ChoosePatches({1280, 720}, 4), ChoosePatches({1280, 720}, 5));
}

}  // namespace
}  // namespace giot::quality
