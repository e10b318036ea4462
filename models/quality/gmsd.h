#pragma once

#include <opencv2/core/mat.hpp>

namespace giot::quality {

// A GMSD from which on nothing of an image is worth anything.
inline constexpr double kWorstGmsd = 0.25;

// Gradient magnitude similarity deviation (Xue, Zhang, Mou, Bovik 2014): 0 for the same image, rising
// as it loses structure. Grey levels 0..255, CV_8UC1, both of one size, at least 3 x 3; at the scale
// given (the paper halves before).
double Gmsd(const cv::Mat& image, const cv::Mat& reference);

// The same at half size, over the part that both show, after finding the shift by phase correlation
// (Kuglin, Hines 1975); a shift of more than an eighth of a side counts as none. CV_8UC3 BGR, at
// least 64 x 64; `reference` of another size is resized.
double AlignedGmsd(const cv::Mat& image, const cv::Mat& reference);

// max(0, 1 - gmsd / kWorstGmsd): 1 for the reference itself.
double UsefulnessOfGmsd(double gmsd);

}  // namespace giot::quality
