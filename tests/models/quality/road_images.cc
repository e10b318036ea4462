#include "tests/models/quality/road_images.h"

#include <cstdlib>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "models/camera/scene.h"

namespace giot::quality {
namespace {

using camera::Weather;

std::vector<cv::Mat> Render() {
  std::vector<cv::Mat> roads;
  for (const camera::SceneOptions& options : {camera::SceneOptions{.seed = 101, .weather = Weather::kClear},
                                              {.seed = 102, .weather = Weather::kOvercast},
                                              {.seed = 103, .weather = Weather::kClear, .hour = 9.0}}) {
    camera::SceneOptions sized = options;
    sized.width = kRoadWidth;
    sized.height = kRoadHeight;
    roads.push_back(camera::RenderScene(sized, 1.0).image);
  }
  return roads;
}

// Of places that trainer/configs/quality.flags holds out from training.
std::vector<cv::Mat> Read() {
  const auto folder = RealImageFolder();
  if (!folder) return {};
  std::vector<cv::Mat> roads;
  for (const char* name : {"udacity+CarND-Advanced-Lane-Lines/test_images/straight_lines1.jpg",
                           "udacity+CarND-Advanced-Lane-Lines/test_images/test4.jpg",
                           "udacity+CarND-Vehicle-Detection/test_images/test1.jpg"}) {
    const cv::Mat image = cv::imread((*folder / "udacity" / name).string());
    CV_Assert(!image.empty());
    cv::resize(image, roads.emplace_back(), {kRoadWidth, kRoadHeight}, 0, 0, cv::INTER_AREA);
  }
  return roads;
}

}  // namespace

const std::vector<cv::Mat>& RenderedRoads() {
  static const auto* const kRoads = new std::vector<cv::Mat>(Render());
  return *kRoads;
}

const std::vector<cv::Mat>& RealRoads() {
  static const auto* const kRoads = new std::vector<cv::Mat>(Read());
  return *kRoads;
}

std::optional<std::filesystem::path> RealImageFolder() {
  const char* data = std::getenv("GIOT_DATA");
  if (data == nullptr) return std::nullopt;
  return std::filesystem::path(data) / "sensing";
}

}  // namespace giot::quality
