#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

#include "models/quality/image_pyramid.h"

namespace giot::quality {

// What a cell of the image shows; grey levels of 0..255.
struct Cell {
  double brightness = 0.0;  // Mean level.
  double detail = 0.0;      // Mean |Laplacian| of the half-size image.
  double structure = 0.0;   // The same of the quarter-size image.
};

// Cells over the whole image, row by row: 16 x 9, fewer where a cell would be less than 32
// pixels of the full image.
struct CellGrid {
  int columns = 0;
  int rows = 0;
  std::vector<Cell> cells;
  double detail = 0.0;  // Of the whole image, weighted by the cells' pixels.
  double structure = 0.0;
};
CellGrid MeasureCells(const ImagePyramid& pyramid);

}  // namespace giot::quality
