#include "models/camera/scene.h"

#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <thread>

#include "tests/models/camera/test_image.h"

namespace giot::camera {
namespace {

constexpr Weather kWeathers[] = {Weather::kClear, Weather::kOvercast, Weather::kRain, Weather::kFog};

cv::Mat Grey(const cv::Mat& image) {
  cv::Mat grey;
  cv::cvtColor(image, grey, cv::COLOR_BGR2GRAY);
  return grey;
}

struct Moments {
  double mean;
  double deviation;
};
Moments MomentsOf(const cv::Mat& plane) {
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(plane, mean, deviation);
  return {mean[0], deviation[0]};
}

double LaplacianDeviation(const cv::Mat& image) {
  cv::Mat laplacian;
  cv::Laplacian(Grey(image), laplacian, CV_32F);
  return MomentsOf(laplacian).deviation;
}

// Kurtosis of the mean-subtracted, contrast-normalised luma (Mittal, Moorthy and Bovik 2012), 3 if Gaussian.
double MscnKurtosis(const cv::Mat& image) {
  cv::Mat luma;
  Grey(image).convertTo(luma, CV_32F);
  cv::Mat mean;
  cv::GaussianBlur(luma, mean, {7, 7}, 7.0 / 6.0);
  cv::Mat power;
  cv::GaussianBlur(luma.mul(luma), power, {7, 7}, 7.0 / 6.0);
  cv::Mat deviation;
  cv::sqrt(cv::max(power - mean.mul(mean), 0.0), deviation);
  const cv::Mat normalised = (luma - mean) / (deviation + 1.0);
  const cv::Mat square = normalised.mul(normalised);
  const double second = cv::mean(square)[0];
  return cv::mean(square.mul(square))[0] / (second * second);
}

TEST(Scene, GivesTheSameBytesForTheSameArgumentsOnEveryThread) {
  for (const Weather weather : kWeathers) {
    const SceneOptions options{.seed = 7, .width = 320, .height = 180, .weather = weather, .hour = 20.0};
    const Frame here = RenderScene(options, 3.5);
    Frame there;
    std::thread([&] { there = RenderScene(options, 3.5); }).join();
    EXPECT_TRUE(Same(here.image, there.image));
    EXPECT_EQ(here.vehicles, there.vehicles);
  }
}

TEST(Scene, HasTheSizeAskedFor) {
  for (const cv::Size size : {cv::Size(1280, 720), cv::Size(641, 363), cv::Size(64, 64), cv::Size(90, 320)}) {
    const Frame frame = RenderScene({.seed = 3, .width = size.width, .height = size.height}, 1.0);
    EXPECT_EQ(frame.image.size(), size);
    EXPECT_EQ(frame.image.type(), CV_8UC3);
  }
}

TEST(Scene, BoxesLieInsideTheImageNearestFirst) {
  int boxes = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const Frame frame = RenderScene({.seed = seed, .width = 640, .height = 360}, 1.0);
    boxes += static_cast<int>(frame.vehicles.size());
    for (const cv::Rect& box : frame.vehicles) {
      EXPECT_EQ(box & cv::Rect(0, 0, 640, 360), box);
      EXPECT_GE(box.width, 6);
      EXPECT_GE(box.height, 6);
    }
    // On flat ground the nearer stands lower, unless the image cuts it off; boxes end on whole pixels.
    for (std::size_t i = 1; i < frame.vehicles.size(); ++i) {
      EXPECT_LE(frame.vehicles[i].br().y, frame.vehicles[i - 1].br().y + 4) << "seed " << seed;
    }
  }
  EXPECT_GT(boxes, 24);
}

TEST(Scene, VehiclesMoveAndTheRestStays) {
  // Without noise of the sensor, which changes all over, blocks that change much are where vehicles were or are.
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const SceneOptions options{.seed = seed, .width = 640, .height = 360};
    const Frame before = RenderScene(options, 10.0);
    const Frame after = RenderScene(options, 10.4);
    ASSERT_FALSE(before.vehicles.empty()) << seed;
    EXPECT_NE(before.vehicles, after.vehicles) << seed;
    cv::Mat inside = cv::Mat::zeros(before.image.size(), CV_8U);
    for (const auto& vehicles : {before.vehicles, after.vehicles}) {
      for (const cv::Rect& box : vehicles) inside(box).setTo(255);
    }
    cv::Mat change;
    cv::absdiff(Grey(before.image), Grey(after.image), change);
    const double within = cv::mean(change, inside)[0];
    const double without = cv::mean(change, ~inside)[0];
    EXPECT_GT(within, 3.0 * without) << seed;
    EXPECT_LT(without, 4.0) << seed;
  }
}

TEST(Scene, ABoxHoldsItsVehicle) {
  // A nearest vehicle is gone some time later: what changed there fills the box, and little around it.
  const SceneOptions options{.seed = 6, .width = 1280, .height = 720};
  const Frame frame = RenderScene(options, 0.0);
  const cv::Rect box = frame.vehicles.front();
  const cv::Rect around = cv::Rect(box.x - box.width / 2, box.y - box.height / 2, 2 * box.width, 2 * box.height) &
                          cv::Rect(0, 0, options.width, options.height);
  cv::Mat change;
  cv::absdiff(Grey(frame.image), Grey(RenderScene(options, 1.0).image), change);
  cv::Mat changed = change > 25;
  const double inside = cv::countNonZero(changed(box)) / static_cast<double>(box.area());
  const double outside = (cv::countNonZero(changed(around)) - cv::countNonZero(changed(box))) /
                         static_cast<double>(around.area() - box.area());
  EXPECT_GT(inside, 0.4);
  EXPECT_LT(outside, 0.5 * inside);
}

TEST(Scene, SeedsGiveOtherRoads) {
  const cv::Mat first = RenderScene({.seed = 1, .width = 320, .height = 180}, 0.0).image;
  for (std::uint64_t seed = 2; seed <= 8; ++seed) {
    EXPECT_GT(Difference(first, RenderScene({.seed = seed, .width = 320, .height = 180}, 0.0).image), 15.0) << seed;
  }
}

TEST(Scene, IsTexturedAsPhotographsAre) {
  // Kodak's and the road photographs' kurtosis lies between 2.3 and 4.8; flat polygons with noise of a sensor
  // alone give neither that detail nor, without noise, that distribution.
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const cv::Mat image = RenderScene({.seed = seed}, 1.0).image;
    EXPECT_GT(MscnKurtosis(image), 2.3) << seed;
    EXPECT_LT(MscnKurtosis(image), 4.8) << seed;
    EXPECT_GT(LaplacianDeviation(image), 5.0) << seed;
    // The lower part is road and verge: it has texture of its own.
    EXPECT_GT(LaplacianDeviation(image.rowRange(540, 720)), 3.0) << seed;
  }
}

TEST(Scene, NightIsDarkerThanDay) {
  for (const Weather weather : kWeathers) {
    SceneOptions options{.seed = 4, .width = 320, .height = 180, .weather = weather, .hour = 12.0};
    const double day = MomentsOf(Grey(RenderScene(options, 1.0).image)).mean;
    options.hour = 0.5;
    const double night = MomentsOf(Grey(RenderScene(options, 1.0).image)).mean;
    EXPECT_LT(night, 0.8 * day);
    EXPECT_GT(day, 80.0);
    EXPECT_LT(day, 225.0);
    EXPECT_GT(night, 10.0);
  }
}

TEST(Scene, FogTakesDetail) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const auto detail = [seed](Weather weather) {
      return LaplacianDeviation(
          RenderScene({.seed = seed, .width = 640, .height = 360, .weather = weather}, 1.0).image);
    };
    EXPECT_LT(detail(Weather::kFog), 0.7 * detail(Weather::kClear)) << seed;
  }
}

TEST(Scene, RainFalls) {
  // The sky of two moments differs by streaks in the rain, and hardly under clouds alone.
  const auto change = [](Weather weather) {
    const SceneOptions options{.seed = 4, .width = 640, .height = 360, .weather = weather};
    return Difference(RenderScene(options, 1.0).image.rowRange(0, 80),
                      RenderScene(options, 1.03).image.rowRange(0, 80));
  };
  EXPECT_GT(change(Weather::kRain), 1.5 * change(Weather::kOvercast));
}

TEST(Scene, PaintsEdgeOnWallsAndFogWithoutOverflow) {
  // Walls that vanish to a line once gave pixels from far outside their texture.
  for (const std::uint64_t seed : {2, 6, 7, 8, 9, 17, 25, 30}) {
    const cv::Mat image = RenderScene({.seed = seed, .width = 640, .height = 360, .weather = Weather::kFog}, 1.0).image;
    // By a day in fog the middle holds no black spot.
    double low = 0.0;
    cv::minMaxLoc(Grey(image).rowRange(60, 170), &low);
    EXPECT_GT(low, 5.0) << seed;
  }
}

TEST(Scene, FogHidesFarVehicles) {
  std::size_t clear = 0;
  std::size_t fog = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    clear += RenderScene({.seed = seed, .width = 640, .height = 360}, 1.0).vehicles.size();
    fog += RenderScene({.seed = seed, .width = 640, .height = 360, .weather = Weather::kFog}, 1.0).vehicles.size();
  }
  EXPECT_LT(fog, clear);
}

}  // namespace
}  // namespace giot::camera
