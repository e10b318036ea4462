#include "models/quality/heat_map.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "models/quality/block_noise.h"

namespace giot::quality {
namespace {

// Grey levels.
constexpr double kBlack = 12.0;
constexpr double kDark = 40.0;
constexpr double kBright = 235.0;
constexpr double kWhite = 252.0;
// How many times less it shows than the median, as logarithms.
constexpr double kFainter = 1.6;
constexpr double kMuchFainter = 3.0;
// How many times more structure than fine detail, as logarithms: sharp ones stay below 0.7.
constexpr double kBlurred = 0.75;
constexpr double kMuchBlurred = 1.05;
// Structure in grey levels, below which a cell shows nothing, and from which on it shows much.
constexpr double kSmooth = 3.0;
constexpr double kStructured = 12.0;

// 0 at `none`, 1 at `full`, linear between.
double Ramp(double value, double none, double full) { return std::clamp((value - none) / (full - none), 0.0, 1.0); }

double Contrast(const Cell& cell) { return std::log(cell.detail + cell.structure + 0.1); }

double MedianContrast(const CellGrid& grid) {
  std::vector<float> contrast;
  for (const Cell& cell : grid.cells) contrast.push_back(static_cast<float>(Contrast(cell)));
  return PercentileOf(contrast, 0.5);
}

double MedianBrightness(const CellGrid& grid) {
  std::vector<float> brightness;
  for (const Cell& cell : grid.cells) brightness.push_back(static_cast<float>(cell.brightness));
  return PercentileOf(brightness, 0.5);
}

// Cells that are sky: in each column, the smooth bright ones from the top down to the first other one.
std::vector<bool> FindSky(const CellGrid& grid) {
  const double median = MedianBrightness(grid);
  std::vector<bool> is_sky(grid.cells.size());
  for (int column = 0; column < grid.columns; ++column) {
    for (int row = 0; row < grid.rows; ++row) {
      const auto i = static_cast<std::size_t>(row * grid.columns + column);
      const Cell& cell = grid.cells[i];
      if (cell.structure > kSmooth || cell.brightness < std::max(median, kDark)) break;
      is_sky[i] = true;
    }
  }
  return is_sky;
}

double Unusable(const Cell& cell, double median_contrast) {
  // A dark cell may still show a tree.
  const double dark = Ramp(cell.brightness, kDark, kBlack) * Ramp(cell.structure, kStructured, kSmooth);
  const double glaring = Ramp(cell.brightness, kBright, kWhite);
  const double faint = Ramp(median_contrast - Contrast(cell), kFainter, kMuchFainter);
  const double blur = std::log((cell.structure + 0.1) / (cell.detail + 0.1));
  const double blurred = Ramp(blur, kBlurred, kMuchBlurred) * Ramp(cell.structure, kSmooth / 2.0, kSmooth);
  return std::max({dark, glaring, faint, blurred});
}

// How much of cell i of n lies in the first half.
double ShareBefore(int i, int n) { return std::clamp(n / 2.0 - i, 0.0, 1.0); }

}  // namespace

HeatMap MakeHeatMap(const CellGrid& grid) {
  const double median = MedianContrast(grid);
  const std::vector<bool> is_sky = FindSky(grid);
  HeatMap map{grid.columns, grid.rows, {}};
  for (std::size_t i = 0; i < grid.cells.size(); ++i) {
    const double unusable = is_sky[i] ? 0.0 : Unusable(grid.cells[i], median);
    map.unusable.push_back(static_cast<float>(unusable));
  }
  return map;
}

double UnusableShare(const HeatMap& heat_map) {
  const double sum = std::accumulate(heat_map.unusable.begin(), heat_map.unusable.end(), 0.0);
  return sum / static_cast<double>(heat_map.unusable.size());
}

std::string PlaceOf(const HeatMap& heat_map) {
  constexpr double kLeastShare = 0.02;
  constexpr double kOneSided = 0.75;
  double sum = 0.0;
  double left = 0.0;
  double upper = 0.0;
  for (int row = 0; row < heat_map.rows; ++row) {
    for (int column = 0; column < heat_map.columns; ++column) {
      const auto i = static_cast<std::size_t>(row * heat_map.columns + column);
      const auto unusable = static_cast<double>(heat_map.unusable[i]);
      sum += unusable;
      left += unusable * ShareBefore(column, heat_map.columns);
      upper += unusable * ShareBefore(row, heat_map.rows);
    }
  }
  if (sum < kLeastShare * static_cast<double>(heat_map.unusable.size())) return {};
  const std::string side = left > kOneSided * sum ? "left" : left < (1.0 - kOneSided) * sum ? "right" : "";
  const bool is_upper = upper > kOneSided * sum;
  const bool is_lower = upper < (1.0 - kOneSided) * sum;
  if (!is_upper && !is_lower) return side;
  if (side.empty()) return is_upper ? "top" : "bottom";
  return (is_upper ? "upper " : "lower ") + side;
}

}  // namespace giot::quality
