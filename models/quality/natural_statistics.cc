#include "models/quality/natural_statistics.h"

#include <cstddef>

namespace giot::quality {

std::array<float, kNaturalStatistics> NaturalStatistics(const MscnMoments& moments) {
  std::size_t next = 0;
  std::array<float, kNaturalStatistics> values;
  const auto put = [&](double value) { values[next++] = static_cast<float>(value); };
  const SymmetricFit levels = FitSymmetric(moments.levels);
  put(levels.shape);
  put(levels.variance);
  for (const SignedMoments& product : moments.products) {
    const AsymmetricFit fit = FitAsymmetric(product);
    put(fit.shape);
    put(fit.mean);
    put(fit.left_variance);
    put(fit.right_variance);
  }
  return values;
}

const std::array<std::string_view, kNaturalStatistics>& NaturalStatisticsNames() {
  static constexpr std::array<std::string_view, kNaturalStatistics> kNames = {
      "mscn_shape",           "mscn_variance",         "right_shape",       "right_mean",
      "right_left_var",       "right_right_var",       "below_shape",       "below_mean",
      "below_left_var",       "below_right_var",       "below_right_shape", "below_right_mean",
      "below_right_left_var", "below_right_right_var", "below_left_shape",  "below_left_mean",
      "below_left_left_var",  "below_left_right_var"};
  return kNames;
}

}  // namespace giot::quality
