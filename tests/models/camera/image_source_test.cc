#include "models/camera/image_source.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>
#include <string>

#include "tests/models/camera/test_image.h"

namespace giot::camera {
namespace {

class ImageSourceTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static cv::Mat Grey(int level) { return cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(level)); }
  void WriteImage(const std::string& name, int level) const {
    ASSERT_TRUE(cv::imwrite((folder_ / name).string(), Grey(level)));
  }
  void WriteText(const std::string& name) const { std::ofstream(folder_ / name) << "no image"; }

  std::filesystem::path folder_;
};

// The level of an image of one colour, or -1 with a failure.
int LevelAt(ImageSource& source, double seconds) {
  const absl::StatusOr<Frame> frame = source.Next(seconds);
  EXPECT_TRUE(frame.ok()) << frame.status();
  return frame.ok() ? frame->image.at<cv::Vec3b>(20, 20)[1] : -1;
}

TEST_F(ImageSourceTest, ScenesAreThoseOfTheRenderer) {
  const SceneOptions options{.seed = 3, .width = 160, .height = 90};
  const auto source = SceneSource(options);
  const absl::StatusOr<Frame> frame = source->Next(1.5);
  ASSERT_TRUE(frame.ok()) << frame.status();
  const Frame expected = RenderScene(options, 1.5);
  EXPECT_TRUE(Same(frame->image, expected.image));
  EXPECT_EQ(frame->vehicles, expected.vehicles);
}

TEST_F(ImageSourceTest, AFolderIsShownInTheOrderOfNamesAgainAndAgain) {
  WriteImage("b.png", 20);
  WriteImage("a.PNG", 10);
  WriteImage("c.bmp", 30);
  WriteText("notes.txt");
  auto source = FolderSource(folder_, 0.5);
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_EQ(LevelAt(**source, 0.0), 10);
  EXPECT_EQ(LevelAt(**source, 0.4), 10);
  EXPECT_EQ(LevelAt(**source, 0.5), 20);
  EXPECT_EQ(LevelAt(**source, 1.2), 30);
  EXPECT_EQ(LevelAt(**source, 1.5), 10);
  EXPECT_EQ(LevelAt(**source, 1e6 + 1.1), 20);  // 2000002 images on, and 2000001 is divisible by 3.
  EXPECT_TRUE((*source)->Next(1e6 + 1.1)->vehicles.empty());
}

TEST_F(ImageSourceTest, AFolderWithoutImagesIsNotFound) {
  WriteText("notes.txt");
  EXPECT_EQ(FolderSource(folder_, 1.0).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(FolderSource(folder_ / "missing", 1.0).status().code(), absl::StatusCode::kNotFound);
  WriteImage("a.png", 1);
  EXPECT_EQ(FolderSource(folder_, 0.0).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FolderSource(folder_, std::nan("")).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ImageSourceTest, AnImageThatCannotBeDecodedIsNamed) {
  WriteImage("a.png", 1);
  WriteText("b.jpg");
  auto source = FolderSource(folder_, 1.0);
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_EQ(LevelAt(**source, 0.0), 1);
  const absl::Status status = (*source)->Next(1.0).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(status.message().find("b.jpg"), std::string::npos);
  // The next one follows all the same.
  EXPECT_EQ(LevelAt(**source, 2.0), 1);
}

TEST_F(ImageSourceTest, TimeMustNotRunBackwards) {
  const auto source = SceneSource({.width = 64, .height = 64});
  ASSERT_TRUE(source->Next(2.0).ok());
  EXPECT_TRUE(source->Next(2.0).ok());
  for (const double seconds : {1.9, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(source->Next(seconds).status().code(), absl::StatusCode::kInvalidArgument) << seconds;
  }
}

class VideoTest : public ImageSourceTest {
 protected:
  static constexpr int kFrames = 6;
  static constexpr double kRate = 10.0;

  // Frame i has the level 20 + 30 i.
  void SetUp() override {
    ImageSourceTest::SetUp();
    file_ = folder_ / "video.avi";
    cv::VideoWriter writer(file_.string(), cv::CAP_OPENCV_MJPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), kRate,
                           {64, 48});
    ASSERT_TRUE(writer.isOpened());
    for (int i = 0; i < kFrames; ++i) writer.write(Grey(20 + 30 * i));
  }

  static void ExpectFrame(ImageSource& source, double seconds, int frame) {
    EXPECT_NEAR(LevelAt(source, seconds), 20 + 30 * frame, 6) << "at " << seconds;
  }

  std::filesystem::path file_;
};

TEST_F(VideoTest, PlaysAtItsRate) {
  auto source = VideoSource(file_);
  ASSERT_TRUE(source.ok()) << source.status();
  ExpectFrame(**source, 0.0, 0);
  ExpectFrame(**source, 0.05, 0);
  ExpectFrame(**source, 0.11, 1);
  ExpectFrame(**source, 0.35, 3);
  ExpectFrame(**source, 0.35, 3);
  ExpectFrame(**source, 0.55, 5);
}

TEST_F(VideoTest, StartsAgainAtTheEnd) {
  auto source = VideoSource(file_);
  ASSERT_TRUE(source.ok()) << source.status();
  ExpectFrame(**source, 0.55, 5);
  ExpectFrame(**source, 0.65, 0);
  ExpectFrame(**source, 1.15, 5);
  ExpectFrame(**source, 1.25, 0);
  // Any number of repetitions on, and at once.
  ExpectFrame(**source, 6e6 + 0.25, 2);
}

TEST_F(VideoTest, JumpsFarAtOnce) {
  auto source = VideoSource(file_);
  ASSERT_TRUE(source.ok()) << source.status();
  ExpectFrame(**source, 6e5 + 0.45, 4);
}

TEST_F(VideoTest, FramesKeepTheirPixels) {
  auto source = VideoSource(file_);
  ASSERT_TRUE(source.ok()) << source.status();
  const Frame first = *(*source)->Next(0.0);
  const cv::Mat copy = first.image.clone();
  ASSERT_TRUE((*source)->Next(0.3).ok());
  EXPECT_TRUE(Same(first.image, copy));
}

TEST_F(VideoTest, WhatIsNoVideoIsRefused) {
  WriteText("text.mp4");
  EXPECT_EQ(VideoSource(folder_ / "text.mp4").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(VideoSource(folder_ / "missing.mp4").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(VideoSource(folder_).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(VideoTest, AVanishedFileIsDataLoss) {
  auto source = VideoSource(file_);
  ASSERT_TRUE(source.ok()) << source.status();
  std::filesystem::remove(file_);
  EXPECT_EQ((*source)->Next(0.75).status().code(), absl::StatusCode::kDataLoss);
}

TEST(RealData, FoldersAndVideosPlay) {
  const char* data = std::getenv("GIOT_DATA");
  if (data == nullptr) GTEST_SKIP() << "GIOT_DATA is not set";
  const std::filesystem::path sensing = std::filesystem::path(data) / "sensing";
  auto folder = FolderSource(sensing / "kodak", 1.0);
  ASSERT_TRUE(folder.ok()) << folder.status();
  EXPECT_EQ((*folder)->Next(0.0)->image.total(), std::size_t{768} * 512);
  auto video = VideoSource(sensing / "video" / "udacity_solidWhiteRight.mp4");
  ASSERT_TRUE(video.ok()) << video.status();
  const Frame first = *(*video)->Next(0.0);
  const Frame later = *(*video)->Next(2.0);
  EXPECT_EQ(first.image.size(), later.image.size());
  EXPECT_GT(Difference(first.image, later.image), 1.0);
}

}  // namespace
}  // namespace giot::camera
