#include "models/camera/wavelet.h"

#include <array>
#include <cstddef>

namespace giot::camera {
namespace {

constexpr std::array<float, 4> kLift = {-1.586134342F, -0.05298011854F, 0.8829110762F, 0.4435068522F};
constexpr float kScale = 1.149604398F;

// One direction of one level: `count` samples `step` floats apart, in each of `lines` lines `line_step` apart.
struct Axis {
  int count;
  std::ptrdiff_t step;
  int lines;
  std::ptrdiff_t line_step;
};

// Adds `weight` times both neighbours to every second sample from `first`; mirrored at the ends.
void Lift(float* data, const Axis& axis, int first, float weight) {
  for (int i = first; i < axis.count; i += 2) {
    const int left = i > 0 ? i - 1 : i + 1;
    const int right = i + 1 < axis.count ? i + 1 : i - 1;
    float* to = data + i * axis.step;
    const float* from = data + left * axis.step;
    const float* also = data + right * axis.step;
    for (int line = 0; line < axis.lines;
         ++line, to += axis.line_step, from += axis.line_step, also += axis.line_step) {
      *to += weight * (*from + *also);
    }
  }
}

void Scale(float* data, const Axis& axis, float even, float odd) {
  for (int i = 0; i < axis.count; ++i) {
    float* sample = data + i * axis.step;
    const float factor = i % 2 == 0 ? even : odd;
    for (int line = 0; line < axis.lines; ++line, sample += axis.line_step) *sample *= factor;
  }
}

void Forward(float* data, const Axis& axis) {
  if (axis.count < 2) return;
  for (std::size_t step = 0; step < kLift.size(); ++step) Lift(data, axis, step % 2 == 0 ? 1 : 0, kLift[step]);
  Scale(data, axis, kScale, 1.0F / kScale);
}

void Inverse(float* data, const Axis& axis) {
  if (axis.count < 2) return;
  Scale(data, axis, 1.0F / kScale, kScale);
  for (std::size_t step = kLift.size(); step-- > 0;) Lift(data, axis, step % 2 == 0 ? 1 : 0, -kLift[step]);
}

struct Level {
  std::ptrdiff_t row_step;
  int rows;
  Axis row;
  Axis down;
};

Level LevelOf(const cv::Mat& plane, int level) {
  const int stride = 1 << level;
  const int columns = (plane.cols + stride - 1) / stride;
  const int rows = (plane.rows + stride - 1) / stride;
  const std::ptrdiff_t row_step = static_cast<std::ptrdiff_t>(plane.step1()) * stride;
  return {row_step, rows, {columns, stride, 1, 0}, {rows, row_step, columns, stride}};
}

}  // namespace

void WaveletForward(cv::Mat& plane, int levels) {
  for (int level = 0; level < levels; ++level) {
    const Level at = LevelOf(plane, level);
    for (int y = 0; y < at.rows; ++y) Forward(plane.ptr<float>() + y * at.row_step, at.row);
    Forward(plane.ptr<float>(), at.down);
  }
}

void WaveletInverse(cv::Mat& plane, int levels) {
  for (int level = levels; level-- > 0;) {
    const Level at = LevelOf(plane, level);
    Inverse(plane.ptr<float>(), at.down);
    for (int y = 0; y < at.rows; ++y) Inverse(plane.ptr<float>() + y * at.row_step, at.row);
  }
}

}  // namespace giot::camera
