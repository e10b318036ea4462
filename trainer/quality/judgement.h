#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "models/camera/attack.h"
#include "trainer/evaluation/statistics.h"
#include "trainer/quality/sample.h"
#include "trainer/quality/usefulness.h"

namespace giot::trainer {

// What is known of an image that scores are judged by.
struct JudgedImage {
  int scene = 0;
  int frame = 0;
  std::string kind;  // Of its distortion; "clean" if there is none.
  double severity = 0.0;
  double usefulness = 0.0;
  std::optional<double> found = std::nullopt;
  std::optional<camera::Attack> attack = std::nullopt;
  int unattacked = -1;  // Index of the image without the attack.
};

JudgedImage ToJudged(const Sample& sample, const Weights& weights);

// A figure and what bootstrapping over scenes says of it.
struct Estimate {
  double value = 0.0;
  Interval interval;
};

// How a score that rises with usefulness does on images. Correlations are Spearman's, over images without attacks.
struct Judgement {
  Estimate usefulness;   // Correlation with usefulness.
  Estimate found;        // With F1, by image.
  Estimate found_means;  // With F1, over means by kind and severity.
  double ordered_pairs =
      0.0;  // Share of pairs of one frame and kind (clean: of every kind) where the less severe is higher.
  // What attacks gain that is not earned by usefulness: rise of the score less the rise, if any, of usefulness.
  std::array<double, camera::kAttacks> attack_gains{};  // Means by attack, in the order of AllAttacks().
  double best_attack_gain = 0.0;  // Mean over attacked images of the largest of all attacks, at least 0.
  double share_gaining = 0.0;     // Of attacked images whose largest gain is above .15.
};

Judgement Judge(absl::Span<const JudgedImage> images, absl::Span<const double> scores);

// Only the correlation with usefulness, over images without attacks whose kind is in `kinds` (empty: all).
double UsefulnessCorrelation(absl::Span<const JudgedImage> images, absl::Span<const double> scores,
                             absl::Span<const std::string> kinds);

// What the lower bound of a score promises.
struct Payment {
  double coverage = 0.0;         // Share of images whose usefulness is at least the lower bound.
  double overpayment_p95 = 0.0;  // 95th percentile of lower bound - usefulness, at least 0.
};
Payment JudgePayment(absl::Span<const JudgedImage> images, absl::Span<const double> lower_bounds);

}  // namespace giot::trainer
