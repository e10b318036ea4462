#include "models/detection/vehicle_detector.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace giot::detection {
namespace {

constexpr int kInputSize = 352;
constexpr int kChannels = 85;
constexpr int kFirstClass = 5;
constexpr int kClasses = kChannels - kFirstClass;
constexpr std::array<int, 4> kVehicleClasses = {2, 3, 5, 7};
constexpr double kSuppressionOverlap = 0.45;
constexpr double kMatchOverlap = 0.5;

struct Candidate {
  double confidence = 0.0;
  cv::Rect2d box;
};

double Confidence(double objectness, double class_score) {
  return std::pow(std::max(objectness, 0.0), 0.6) * std::pow(std::max(class_score, 0.0), 0.4);
}

double Sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

// One cell of the output; its likeliest class must be a vehicle.
std::optional<Candidate> Decode(const cv::Mat& output, int row, int column, double least) {
  const auto at = [&](int channel) {
    const std::array<int, 4> index = {0, channel, row, column};
    return static_cast<double>(output.at<float>(index.data()));
  };
  int best = 0;
  for (int c = 1; c < kClasses; ++c) {
    if (at(kFirstClass + c) > at(kFirstClass + best)) best = c;
  }
  if (std::find(kVehicleClasses.begin(), kVehicleClasses.end(), best) == kVehicleClasses.end()) return std::nullopt;
  const double confidence = Confidence(at(0), at(kFirstClass + best));
  if (!(confidence >= least)) return std::nullopt;
  const double width = Sigmoid(at(3));
  const double height = Sigmoid(at(4));
  const double x = (column + std::tanh(at(1))) / output.size[3];
  const double y = (row + std::tanh(at(2))) / output.size[2];
  return Candidate{confidence, {x - width / 2, y - height / 2, width, height}};
}

cv::Mat ConfidencesOf(const cv::Mat& output) {
  const int cells = output.size[2] * output.size[3];
  const float* objectness = output.ptr<float>();
  cv::Mat confidences(kClasses, cells, CV_32F);
  for (int c = 0; c < kClasses; ++c) {
    const float* score = objectness + static_cast<std::ptrdiff_t>(kFirstClass + c) * cells;
    for (int cell = 0; cell < cells; ++cell) {
      confidences.at<float>(c, cell) =
          static_cast<float>(Confidence(static_cast<double>(objectness[cell]), static_cast<double>(score[cell])));
    }
  }
  return confidences;
}

std::vector<cv::Rect2d> SuppressOverlapping(std::vector<Candidate> candidates) {
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.confidence > b.confidence; });
  std::vector<cv::Rect2d> kept;
  for (const Candidate& candidate : candidates) {
    const bool is_new = std::none_of(kept.begin(), kept.end(), [&](const cv::Rect2d& box) {
      return IntersectionOverUnion(box, candidate.box) > kSuppressionOverlap;
    });
    if (is_new) kept.push_back(candidate.box);
  }
  return kept;
}

}  // namespace

struct VehicleDetector::Network {
  cv::dnn::Net net;

  cv::Mat Run(const cv::Mat& image) {
    cv::Mat resized;
    cv::resize(image, resized, {kInputSize, kInputSize}, 0, 0, cv::INTER_AREA);
    net.setInput(cv::dnn::blobFromImage(resized, 1.0 / 255.0));
    return net.forward();
  }
};

VehicleDetector::VehicleDetector(std::unique_ptr<Network> network) : network_(std::move(network)) {}
VehicleDetector::VehicleDetector(VehicleDetector&&) noexcept = default;
VehicleDetector& VehicleDetector::operator=(VehicleDetector&&) noexcept = default;
VehicleDetector::~VehicleDetector() = default;

absl::StatusOr<VehicleDetector> VehicleDetector::Load(const std::filesystem::path& onnx) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(onnx, error)) {
    return absl::NotFoundError(absl::StrCat("detector: no file ", onnx.string()));
  }
  try {
    auto network = std::make_unique<Network>();
    network->net = cv::dnn::readNetFromONNX(onnx.string());
    const cv::Mat output = network->Run(cv::Mat(kInputSize, kInputSize, CV_8UC3, cv::Scalar::all(0)));
    if (output.dims != 4 || output.size[1] != kChannels || output.type() != CV_32F) {
      return absl::InvalidArgumentError(
          absl::StrCat("detector: ", onnx.string(), " gives ", output.dims, " dimensions, want 1x", kChannels, "xHxW"));
    }
    return VehicleDetector(std::move(network));
  } catch (const cv::Exception& failure) {
    return absl::InvalidArgumentError(absl::StrCat("detector: ", onnx.string(), ": ", failure.what()));
  }
}

std::vector<cv::Rect2d> VehicleDetector::Find(const cv::Mat& image, double confidence) {
  return Look(image, confidence).vehicles;
}

Sight VehicleDetector::Look(const cv::Mat& image, double confidence) {
  const cv::Mat output = network_->Run(image);
  std::vector<Candidate> candidates;
  for (int row = 0; row < output.size[2]; ++row) {
    for (int column = 0; column < output.size[3]; ++column) {
      if (std::optional<Candidate> found = Decode(output, row, column, confidence)) candidates.push_back(*found);
    }
  }
  return {SuppressOverlapping(std::move(candidates)), ConfidencesOf(output)};
}

double Likeness(const Sight& a, const Sight& b) {
  const double norms = cv::norm(a.confidences) * cv::norm(b.confidences);
  if (norms > 0.0) return std::clamp(a.confidences.dot(b.confidences) / norms, 0.0, 1.0);
  return cv::norm(a.confidences, b.confidences) > 0.0 ? 0.0 : 1.0;
}

double IntersectionOverUnion(const cv::Rect2d& a, const cv::Rect2d& b) {
  const double shared = (a & b).area();
  const double total = a.area() + b.area() - shared;
  return total > 0.0 ? shared / total : 0.0;
}

std::optional<double> MatchF1(absl::Span<const cv::Rect2d> finds, absl::Span<const cv::Rect2d> expected) {
  if (expected.empty()) return std::nullopt;
  std::vector<bool> taken(expected.size(), false);
  std::size_t matched = 0;
  for (const cv::Rect2d& find : finds) {
    std::size_t best = expected.size();
    double overlap = kMatchOverlap;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const double candidate = taken[i] ? 0.0 : IntersectionOverUnion(find, expected[i]);
      if (candidate < overlap) continue;
      overlap = candidate;
      best = i;
    }
    if (best == expected.size()) continue;
    taken[best] = true;
    ++matched;
  }
  return 2.0 * static_cast<double>(matched) / static_cast<double>(finds.size() + expected.size());
}

}  // namespace giot::detection
