#pragma once

#include <array>
#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>
#include <string_view>
#include <vector>

namespace giot::trainer {

// How much of a clean image a distorted one keeps, by several measures, each in [0, 1] with 1 for the clean image.
enum class Part {
  kGradients,    // 1 - GMSD / .25 (Xue et al. 2014).
  kStructure,    // SSIM, 11x11 Gaussian window (Wang et al. 2004).
  kInformation,  // VIF in the pixel domain (Sheikh and Bovik 2006), at half size.
  kKeypoints,    // Share of ORB keypoints that are found again at their places, / .9.
  kCoarse,       // Cube of the local correlation at the size at which detectors look: noise averages out
                 // there, and gain and offset do not matter.
  kResponses,    // Likeness of what a detector says of both, cell by cell and class by class (models/detection);
                 // 1 without a detector.
  kColour,       // exp(-mean shift of chroma / 15), at that size.
};
inline constexpr int kParts = 7;
using Parts = std::array<double, kParts>;
std::string_view NameOf(Part part);

// A clean image that others are compared with. Constant once made: any number of threads.
class CleanImage {
 public:
  // CV_8UC3 BGR, at least 64 x 64.
  explicit CleanImage(const cv::Mat& image);

  // `image` shows the same scene from the same place, of the same size and type. No detector looks at it here.
  Parts Compare(const cv::Mat& image) const;

 private:
  struct Keypoints {
    std::vector<cv::KeyPoint> points;
    cv::Mat descriptors;
  };
  static Keypoints FindKeypoints(const cv::Mat& grey);
  double KeypointsFoundAgain(const cv::Mat& grey) const;

  cv::Mat grey_;    // CV_8U
  cv::Mat float_;   // CV_32F, of 0..255.
  cv::Mat half_;    // CV_32F, half size.
  cv::Mat coarse_;  // CV_32F
  cv::Mat chroma_;  // CV_32FC2, of the coarse size.
  Keypoints keypoints_;
};

}  // namespace giot::trainer
