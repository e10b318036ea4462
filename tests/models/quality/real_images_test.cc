// On photographs and road images where GIOT_DATA names the folder that holds them.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "models/quality/decode.h"
#include "models/quality/features.h"
#include "models/quality/gmsd.h"
#include "models/quality/image_pyramid.h"
#include "models/quality/integrity.h"
#include "models/quality/perceptual_hash.h"
#include "tests/models/quality/scratch_directory.h"
#include "tests/models/quality/test_images.h"

namespace giot::quality {
namespace {

std::vector<std::filesystem::path> ImagesBelow(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".jpg" || extension == ".png") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

class RealImagesTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* data = std::getenv("GIOT_DATA");
    if (data == nullptr) GTEST_SKIP() << "GIOT_DATA, the folder with real images, is not set";
    paths_ = ImagesBelow(std::filesystem::path(data) / "sensing");
    ASSERT_FALSE(paths_.empty());
  }

  std::vector<std::filesystem::path> paths_;
};

cv::Mat Decoded(const std::string& bytes) {
  const auto header = CheckImage(bytes);
  EXPECT_TRUE(header.ok()) << header.status();
  const auto image = header.ok() ? DecodeImage(bytes, *header) : header.status();
  EXPECT_TRUE(image.ok()) << image.status();
  return image.ok() ? *image : cv::Mat();
}

std::uint64_t HashOf(const cv::Mat& image) { return PerceptualHash(BuildPyramid(image).eighth_grey); }

TEST_F(RealImagesTest, AllDecodeAndHaveFiniteFeatures) {
  for (const auto& path : paths_) {
    const cv::Mat image = Decoded(ReadBytes(path));
    ASSERT_FALSE(image.empty()) << path;
    for (const float feature : ComputeFeatures(image, 1)) ASSERT_TRUE(std::isfinite(feature)) << path;
  }
}

TEST_F(RealImagesTest, ReencodedOnesAreRecognised) {
  for (const auto& path : paths_) {
    const cv::Mat image = Decoded(ReadBytes(path));
    const cv::Mat again = Decoded(Encode(image, ".jpg", {cv::IMWRITE_JPEG_QUALITY, 70}));
    EXPECT_LE(HashDistance(HashOf(image), HashOf(again)), kSamePictureDistance) << path;
    EXPECT_LT(AlignedGmsd(again, image), 0.1) << path;
  }
}

TEST_F(RealImagesTest, OtherPhotographsAreNotTakenForReplays) {
  std::vector<std::uint64_t> hashes;
  for (const auto& path : paths_) {
    if (path.extension() == ".png") hashes.push_back(HashOf(Decoded(ReadBytes(path))));
  }
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_GT(HashDistance(hashes[i], hashes[j]), kSamePictureDistance);
  }
}

}  // namespace
}  // namespace giot::quality
