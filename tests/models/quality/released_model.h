#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string_view>

#include "models/quality/quality_model.h"
#include "models/quality/sensing_score.h"

namespace giot::quality {

// The model of the highest version in models/released/quality, loaded once.
const QualityModel& ReleasedModel();

// Its score of a file that is sent at once, signed and in the size asked for: what the image alone is worth.
SensingScore ReleasedScore(std::string_view bytes);

// What these pixels, CV_8UC3, are worth, as ReleasedScore() says of a file that holds them; which patches are looked at
// follows from `patch_seed`. Much faster, since nothing is encoded and decoded.
double ReleasedQuality(const cv::Mat& image, std::uint64_t patch_seed = 1);

}  // namespace giot::quality
