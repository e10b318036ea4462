// Whether the released model gives less for what is worse.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "models/camera/distortion.h"
#include "tests/models/quality/released_model.h"
#include "tests/models/quality/road_images.h"

namespace giot::quality {
namespace {

using camera::Distortion;

// By how much a mean may rise from one severity to the next. Of quality/2 the only rise was measured as .005,
// by JPEG 2000 on rendered roads.
constexpr double kMostRise = 0.02;
// What the worst of a distortion takes at least: measured are .45 and more.
constexpr double kLeastFall = 0.3;

constexpr std::array<double, 5> kSeverities = {0.0, 0.25, 0.5, 0.75, 1.0};
using Means = std::array<double, kSeverities.size()>;

// Mean quality of the roads after that distortion, by severity.
Means MeanQualities(const std::vector<cv::Mat>& roads, Distortion distortion) {
  Means means{};
  for (std::size_t i = 0; i < means.size(); ++i) {
    for (std::size_t road = 0; road < roads.size(); ++road) {
      means[i] += ReleasedQuality(camera::Distort(roads[road], distortion, kSeverities[i], road)) /
                  static_cast<double>(roads.size());
    }
  }
  return means;
}

// The same, of RenderedRoads() or RealRoads(), computed once: two tests look at them.
const Means& RememberedQualities(const std::vector<cv::Mat>& roads, Distortion distortion) {
  static auto* const kKnown = new std::map<std::pair<const void*, Distortion>, Means>();
  const auto [place, is_new] = kKnown->try_emplace({&roads, distortion});
  if (is_new) place->second = MeanQualities(roads, distortion);
  return place->second;
}

void ExpectFalling(const std::vector<cv::Mat>& roads, Distortion distortion) {
  const Means& means = RememberedQualities(roads, distortion);
  for (std::size_t i = 1; i < means.size(); ++i) {
    EXPECT_LE(means[i], means[i - 1] + kMostRise) << "severity " << kSeverities[i];
  }
  EXPECT_LE(means.back(), means.front() - kLeastFall);
  for (std::size_t i = 0; i < means.size(); ++i) {
    testing::Test::RecordProperty("quality_at_" + std::to_string(i), std::to_string(means[i]));
  }
}

class EveryDistortion : public testing::TestWithParam<Distortion> {};

TEST_P(EveryDistortion, CostsMoreTheMoreSevereItIs) { ExpectFalling(RenderedRoads(), GetParam()); }

TEST_P(EveryDistortion, CostsMoreTheMoreSevereItIsOnRealRoads) {
  if (RealRoads().empty()) GTEST_SKIP() << "GIOT_DATA, the folder with real images, is not set";
  ExpectFalling(RealRoads(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(ReleasedSeverityTest, EveryDistortion, testing::ValuesIn(camera::AllDistortions()),
                         [](const auto& test) { return std::string(NameOf(test.param)); });

// 1 for the least; equal values share their mean rank.
std::vector<double> Ranks(const std::vector<double>& values) {
  std::vector<double> ranks;
  for (const double value : values) {
    const auto below = std::count_if(values.begin(), values.end(), [=](double other) { return other < value; });
    const auto equal = std::count(values.begin(), values.end(), value);
    ranks.push_back(static_cast<double>(below) + static_cast<double>(equal + 1) / 2.0);
  }
  return ranks;
}

// Spearman's.
double RankCorrelation(const std::vector<double>& a, const std::vector<double>& b) {
  const std::vector<double> x = Ranks(a);
  const std::vector<double> y = Ranks(b);
  const double middle = static_cast<double>(a.size() + 1) / 2.0;
  double xy = 0.0;
  double xx = 0.0;
  double yy = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    xy += (x[i] - middle) * (y[i] - middle);
    xx += (x[i] - middle) * (x[i] - middle);
    yy += (y[i] - middle) * (y[i] - middle);
  }
  return xy / std::sqrt(xx * yy);
}

TEST(ReleasedSeverityTest, RenderedRoadsAreOrderedAsRealOnes) {
  if (RealRoads().empty()) GTEST_SKIP() << "GIOT_DATA, the folder with real images, is not set";
  std::vector<double> rendered;
  std::vector<double> real;
  for (const Distortion distortion : camera::AllDistortions()) {
    // Without severity 0, the same image for every distortion.
    for (std::size_t i = 1; i < kSeverities.size(); ++i) {
      rendered.push_back(RememberedQualities(RenderedRoads(), distortion)[i]);
      real.push_back(RememberedQualities(RealRoads(), distortion)[i]);
    }
  }
  const double correlation = RankCorrelation(rendered, real);
  RecordProperty("rank_correlation", std::to_string(correlation));
  EXPECT_GE(correlation, 0.85);
}

}  // namespace
}  // namespace giot::quality
