#pragma once

#include <opencv2/core/mat.hpp>

namespace giot::camera {

// The CDF 9/7 wavelet of JPEG 2000 (ISO/IEC 15444-1, annex F), by lifting, in place on CV_32F of any size and
// scaled so that the transform is about orthonormal. The coefficients stay interleaved: those of level k,
// counted from 1, lie where a coordinate is an odd multiple of 2^(k-1), the coarse image at multiples of 2^levels.
void WaveletForward(cv::Mat& plane, int levels);
void WaveletInverse(cv::Mat& plane, int levels);

}  // namespace giot::camera
