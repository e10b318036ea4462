#include "bench/quality/speed.h"

#include <algorithm>
#include <ctime>
#include <functional>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string_view>

#include "models/camera/scene.h"
#include "models/quality/sensing_score.h"
#include "models/quality/smoothing.h"

namespace giot::bench {
namespace {

constexpr int kJpegQuality = 90;
constexpr std::uint64_t kFirstSeed = 5000;

// Of the process: nothing else runs in it.
double CpuMilliseconds() { return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double MedianTime(std::size_t count, int repeats, const std::function<void(std::size_t)>& work) {
  std::vector<double> times;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    for (std::size_t i = 0; i < count; ++i) {
      const double start = CpuMilliseconds();
      work(i);
      times.push_back(CpuMilliseconds() - start);
    }
  }
  return Median(std::move(times));
}

}  // namespace

absl::StatusOr<Speed> MeasureSpeed(const quality::QualityModel& model, const Rivals& rivals, int images, int repeats) {
  std::vector<cv::Mat> decoded;
  std::vector<std::vector<unsigned char>> encoded;
  for (int i = 0; i < images; ++i) {
    camera::SceneOptions options;
    options.seed = kFirstSeed + static_cast<std::uint64_t>(i);
    options.width = 1920;
    options.height = 1080;
    decoded.push_back(camera::RenderScene(options, 3.0).image);
    cv::imencode(".jpg", decoded.back(), encoded.emplace_back(), {cv::IMWRITE_JPEG_QUALITY, kJpegQuality});
  }
  std::vector<quality::FeaturePair> features(decoded.size());
  absl::Status status;
  quality::Capture capture;
  capture.source_id = "bench";
  const quality::Requirements requirements;
  const quality::SourceHistory history;
  const auto measure = [&](const std::function<void(std::size_t)>& work) {
    return MedianTime(decoded.size(), repeats, work);
  };
  Speed speed;
  speed.decode = measure([&](std::size_t i) { cv::imdecode(encoded[i], cv::IMREAD_COLOR); });
  speed.features = measure([&](std::size_t i) { features[i] = quality::ComputeFeaturePair(decoded[i], i); });
  speed.network = measure([&](std::size_t i) {
    quality::Evaluate(model, features[i].image);
    quality::Evaluate(model, features[i].smoothed);
  });
  speed.score = measure([&](std::size_t i) {
    const std::string_view bytes(reinterpret_cast<const char*>(encoded[i].data()), encoded[i].size());
    status.Update(quality::ScoreImage(model, bytes, capture, requirements, "nonce", history).status());
  });
  speed.brisque = measure([&](std::size_t i) { rivals.Brisque(decoded[i]); });
  speed.niqe = measure([&](std::size_t i) { rivals.Niqe(decoded[i]); });
  if (!status.ok()) return status;
  return speed;
}

}  // namespace giot::bench
