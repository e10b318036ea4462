#include "models/quality/decoder_limits.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "models/quality/decode.h"
#include "tests/models/quality/scratch_directory.h"

namespace giot::quality {
namespace {

// What decoder_limits_probe printed, started in an environment without OpenCV's limits but with `variables`.
std::string OutputOfProbe(const std::string& variables, const std::vector<std::filesystem::path>& arguments) {
  const char* probe = std::getenv("GIOT_DECODER_LIMITS_PROBE");
  EXPECT_NE(probe, nullptr) << "CTest sets it";
  if (probe == nullptr) return "";
  std::string command =
      "env -u OPENCV_IO_MAX_IMAGE_PIXELS -u OPENCV_IO_MAX_IMAGE_WIDTH -u OPENCV_IO_MAX_IMAGE_HEIGHT " + variables +
      " '" + probe + "'";
  for (const auto& argument : arguments) command += " '" + argument.string() + "'";
  std::FILE* output = popen(command.c_str(), "r");
  std::string text;
  for (int c = std::fgetc(output); c != EOF; c = std::fgetc(output)) text.push_back(static_cast<char>(c));
  EXPECT_EQ(pclose(output), 0);
  return text;
}

std::filesystem::path BlackImage(const std::filesystem::path& folder, const std::string& name, int width,
                                 std::int64_t height) {
  const std::filesystem::path path = folder / name;
  EXPECT_TRUE(cv::imwrite(path.string(), cv::Mat::zeros(static_cast<int>(height), width, CV_8UC1)));
  return path;
}

TEST(DecoderLimitsTest, AProgramStartsAgainOnceAndThenRefusesWhatIsTooLarge) {
  const std::filesystem::path folder = ScratchDirectory();
  const DecodeLimits limits;
  const auto largest = BlackImage(folder, "largest.png", 8192, limits.max_pixels / 8192);
  const auto too_many = BlackImage(folder, "too_many.png", 8192, limits.max_pixels / 8192 + 1);
  const auto too_wide = BlackImage(folder, "too_wide.png", limits.max_side + 1, 64);
  const auto too_high = BlackImage(folder, "too_high.png", 64, limits.max_side + 1);
  // Here, where nothing limits OpenCV, they are images like others.
  for (const auto& path : {too_many, too_wide, too_high}) ASSERT_FALSE(cv::imread(path.string()).empty()) << path;

  const auto starts = folder / "starts";
  EXPECT_EQ(OutputOfProbe("", {starts, largest, too_many, too_wide, too_high}),
            "1\ndecoded\nrefused\nrefused\nrefused\n");
  EXPECT_EQ(ReadBytes(starts), "started\nstarted\n");
}

TEST(DecoderLimitsTest, ALimitThatIsOtherwiseIsReplaced) {
  const std::filesystem::path folder = ScratchDirectory();
  const auto starts = folder / "starts";
  const auto too_wide = BlackImage(folder, "too_wide.png", DecodeLimits().max_side + 1, 64);
  EXPECT_EQ(OutputOfProbe("OPENCV_IO_MAX_IMAGE_WIDTH=1000000", {starts, too_wide}), "1\nrefused\n");
  EXPECT_EQ(ReadBytes(starts), "started\nstarted\n");
}

TEST(DecoderLimitsTest, AProgramThatHasTheLimitsGoesOn) {
  const std::filesystem::path starts = ScratchDirectory() / "starts";
  const DecodeLimits limits;
  const std::string side = std::to_string(limits.max_side);
  OutputOfProbe("OPENCV_IO_MAX_IMAGE_PIXELS=" + std::to_string(limits.max_pixels) +
                    " OPENCV_IO_MAX_IMAGE_WIDTH=" + side + " OPENCV_IO_MAX_IMAGE_HEIGHT=" + side,
                {starts});
  EXPECT_EQ(ReadBytes(starts), "started\n");
}

}  // namespace
}  // namespace giot::quality
