#include "trainer/quality/scenes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>

namespace giot::trainer {
namespace {

class ScenesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(root_ / "a" / "deep");
    std::filesystem::create_directories(root_ / "b");
  }
  void WriteImage(const std::string& name, int width, int height, int level) {
    ASSERT_TRUE(cv::imwrite((root_ / name).string(), cv::Mat(height, width, CV_8UC3, cv::Scalar::all(level))));
  }
  SceneSources Sources() const { return {.root = root_.string(), .images = {"a", "b"}}; }

  const std::filesystem::path root_ = std::filesystem::path(::testing::TempDir()) / "scenes";
};

TEST_F(ScenesTest, FindsImagesInOrderAndCopiesOnce) {
  WriteImage("a/2.png", 200, 150, 10);
  WriteImage("a/deep/1.png", 200, 150, 20);
  std::filesystem::copy_file(root_ / "a/2.png", root_ / "b/copy.png");
  std::ofstream(root_ / "b/notes.txt") << "no image";
  const auto scenes = LoadScenes(Sources());
  ASSERT_TRUE(scenes.ok()) << scenes.status();
  ASSERT_EQ(scenes->size(), 2U);
  EXPECT_EQ((*scenes)[0].name, "a/2.png");
  EXPECT_EQ((*scenes)[1].name, "a/deep/1.png");
  EXPECT_NE((*scenes)[0].place, (*scenes)[1].place);
}

TEST_F(ScenesTest, MakesOnePlaceOfWhatBelongsTogether) {
  WriteImage("a/drive1.png", 200, 150, 10);
  WriteImage("a/other.png", 200, 150, 20);
  WriteImage("b/clip.png", 200, 150, 30);
  SceneSources sources = Sources();
  sources.places = {"drive|clip"};
  const auto scenes = LoadScenes(sources);
  ASSERT_TRUE(scenes.ok());
  EXPECT_EQ((*scenes)[0].place, (*scenes)[2].place);
  EXPECT_NE((*scenes)[0].place, (*scenes)[1].place);
  EXPECT_TRUE((*scenes)[2].is_road);
  EXPECT_FALSE((*scenes)[1].is_road);
}

TEST_F(ScenesTest, ShrinksWhatIsTooLarge) {
  WriteImage("a/wide.png", 400, 200, 10);
  WriteImage("b/upright.png", 200, 400, 20);
  SceneSources sources = Sources();
  sources.width = 200;
  sources.height = 150;
  const auto scenes = LoadScenes(sources);
  ASSERT_TRUE(scenes.ok());
  EXPECT_EQ((*scenes)[0].frames[0].size(), cv::Size(200, 100));
  EXPECT_EQ((*scenes)[1].frames[0].size(), cv::Size(100, 200));
}

TEST_F(ScenesTest, NamesWhatCannotBeUsed) {
  WriteImage("a/fine.png", 200, 150, 10);
  EXPECT_EQ(LoadScenes(Sources()).status().code(), absl::StatusCode::kNotFound);  // Nothing in b.
  WriteImage("b/small.png", 100, 300, 10);
  EXPECT_EQ(LoadScenes(Sources()).status().code(), absl::StatusCode::kInvalidArgument);
  std::filesystem::remove(root_ / "b/small.png");
  std::ofstream(root_ / "b/torn.png") << "\x89PNG and no more";
  EXPECT_EQ(LoadScenes(Sources()).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ScenesTest, RendersRoadsThatDifferAndRepeat) {
  const auto scenes = LoadScenes({.rendered = 2});
  const auto later = LoadScenes({.rendered = 1, .first_rendered = 2});
  ASSERT_TRUE(scenes.ok());
  ASSERT_TRUE(later.ok());
  EXPECT_EQ((*scenes)[1].name, (*later)[0].name);
  EXPECT_EQ(cv::norm((*scenes)[1].frames[0], (*later)[0].frames[0]), 0.0);
  EXPECT_NE((*scenes)[0].frames[0].size(), (*scenes)[1].frames[0].size());
}

}  // namespace
}  // namespace giot::trainer
