#include "models/quality/reasons.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "models/quality/cell_grid.h"
#include "models/quality/feature_index.h"
#include "models/quality/heat_map.h"

namespace giot::quality {
namespace {

// A loss below this is not worth a word.
constexpr double kTellingLoss = 0.25;
// The direction with most detail has this many times that of the one with least, as a logarithm.
constexpr double kDirectedBlur = 0.75;
constexpr double kStreaks = 1.1;
constexpr double kCoveredShare = 0.15;
constexpr double kDarkMedian = 0.25;
constexpr double kBrightMedian = 0.8;
// Haze leaves cells without structure; what falls does not.
constexpr double kHazyFlatCells = 0.2;

// Reasons with what they cost, in [0, 1]; more for what makes a score 0 whatever the image is like.
using Weighed = std::vector<std::pair<double, std::string>>;

bool Has(const SensingScore& score, Flag flag) {
  return std::find(score.flags.begin(), score.flags.end(), flag) != score.flags.end();
}

double ValueOf(const Features& features, std::string_view name) {
  return static_cast<double>(features[FeatureIndex(name)]);
}

std::string BlurText(const Features& features) {
  return ValueOf(features, "direction_spread") > kDirectedBlur ? "motion blur" : "blur";
}

std::string ExposureText(const Features& features) {
  const double median = ValueOf(features, "luma_p50");
  if (median < kDarkMedian) return "too dark";
  return median > kBrightMedian ? "too bright" : "low contrast or colour cast";
}

std::string VisibilityText(const Features& features) {
  if (ValueOf(features, "direction_spread") > kStreaks) return "rain";
  return ValueOf(features, "flat_cells") > kHazyFlatCells ? "haze" : "rain or snow";
}

std::string OcclusionText(const ImagePyramid& pyramid) {
  const HeatMap map = MakeHeatMap(MeasureCells(pyramid));
  const std::string place = PlaceOf(map);
  if (place.empty()) return "lens dirt";
  return absl::StrCat(UnusableShare(map) > kCoveredShare ? "view covered " : "lens dirt ", place);
}

std::string FactorText(Factor factor, const Evidence& evidence) {
  switch (factor) {
    case Factor::kSharpness:
      return BlurText(evidence.features);
    case Factor::kNoise:
      return "noise";
    case Factor::kExposure:
      return ExposureText(evidence.features);
    case Factor::kCompression:
      return "compression artefacts";
    case Factor::kVisibility:
      return VisibilityText(evidence.features);
    case Factor::kOcclusion:
      return OcclusionText(evidence.pyramid);
  }
  return {};
}

void AddIntegrity(const SensingScore& score, const Evidence& evidence, Weighed& reasons) {
  const std::string ago = SpanText(evidence.repeat.seconds_ago) + " ago";
  if (Has(score, Flag::kCorrupt)) reasons.emplace_back(3.0, "bytes differ from the stated SHA-256");
  if (Has(score, Flag::kReplay)) reasons.emplace_back(2.5, absl::StrCat("same bytes as an image sent ", ago));
  if (Has(score, Flag::kFrozen))
    reasons.emplace_back(2.0, absl::StrCat("frame repeats one sent ", ago, " while the position moved"));
  if (Has(score, Flag::kReplaySuspect)) reasons.emplace_back(0.02, absl::StrCat("looks like an image sent ", ago));
}

void AddTerms(const SensingScore& score, const Evidence& evidence, Weighed& reasons) {
  if (score.freshness < 1.0) {
    const std::string text = evidence.age_s < 0.0
                                 ? absl::StrCat("capture time lies ", SpanText(-evidence.age_s), " ahead")
                                 : absl::StrCat(SpanText(evidence.age_s), " old on arrival");
    reasons.emplace_back(1.0 - score.freshness, text);
  }
  if (score.resolution < 1.0) {
    reasons.emplace_back(1.0 - score.resolution, absl::StrCat("low resolution, ", score.width, " x ", score.height));
  }
  if (1.0 - evidence.reference_usefulness > kTellingLoss) {
    reasons.emplace_back(1.0 - evidence.reference_usefulness, "differs from the reference image");
  }
  if (Has(score, Flag::kOutOfDistribution)) reasons.emplace_back(0.01, "unlike the images that the model knows");
}

}  // namespace

std::string SpanText(double seconds) {
  const double span = std::abs(seconds);
  if (span < 10.0 && span != std::floor(span)) return absl::StrFormat("%.1f s", span);
  if (span < 120.0) return absl::StrFormat("%.0f s", span);
  if (span < 7200.0) return absl::StrFormat("%.0f min", span / 60.0);
  return absl::StrFormat("%.0f h", span / 3600.0);
}

std::vector<std::string> ExplainScore(const SensingScore& score, const Evidence& evidence) {
  Weighed reasons;
  AddIntegrity(score, evidence, reasons);
  AddTerms(score, evidence, reasons);
  for (std::size_t i = 0; i < kFactors; ++i) {
    const double loss = 1.0 - score.factors[i];
    if (loss > kTellingLoss) reasons.emplace_back(loss, FactorText(static_cast<Factor>(i), evidence));
  }
  std::stable_sort(reasons.begin(), reasons.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> texts;
  for (auto& [weight, text] : reasons) texts.push_back(std::move(text));
  return texts;
}

}  // namespace giot::quality
