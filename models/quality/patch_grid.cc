#include "models/quality/patch_grid.h"

#include <algorithm>

namespace giot::quality {
namespace {

constexpr int kLongCells = 8;
constexpr int kShortCells = 5;
static_assert(kLongCells * kShortCells == kMaxPatches);

// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
std::uint64_t NextDraw(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  std::uint64_t x = state;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// An even offset in [begin, end - side]; `begin` where the patch just fits.
int JitteredOffset(int begin, int end, int side, std::uint64_t& state) {
  const int even_begin = begin + (begin & 1);
  const int places = std::max(1, (end - side - even_begin) / 2 + 1);
  const int offset = even_begin + 2 * static_cast<int>(NextDraw(state) % static_cast<std::uint64_t>(places));
  return std::min(offset, (end - side) & ~1);
}

}  // namespace

std::vector<cv::Rect> ChoosePatches(cv::Size image, std::uint64_t seed) {
  const int side = std::min({kPatchSide, image.width, image.height}) & ~1;
  const bool wide = image.width >= image.height;
  const int columns = std::clamp(image.width / side, 1, wide ? kLongCells : kShortCells);
  const int rows = std::clamp(image.height / side, 1, wide ? kShortCells : kLongCells);
  std::vector<cv::Rect> patches;
  patches.reserve(static_cast<std::size_t>(columns * rows));
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const int x = JitteredOffset(image.width * column / columns, image.width * (column + 1) / columns, side, seed);
      const int y = JitteredOffset(image.height * row / rows, image.height * (row + 1) / rows, side, seed);
      patches.emplace_back(x, y, side, side);
    }
  }
  return patches;
}

}  // namespace giot::quality
