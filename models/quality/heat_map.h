#pragma once

#include <string>

#include "models/quality/cell_grid.h"
#include "models/quality/sensing_score.h"

namespace giot::quality {

// Which cells cannot be used: black or glaring ones, ones that are out of focus, and ones that show much
// less than the median cell. A bright smooth cell that hangs together with the upper edge is sky
// and counts as usable. Sharp things in the way, such as drops in focus, are not seen.
HeatMap MakeHeatMap(const CellGrid& grid);

// Mean over the cells.
double UnusableShare(const HeatMap& heat_map);

// Where three quarters of what is unusable lie, e.g. "lower left", "left", "top"; empty where it is
// spread over the image or there is hardly any.
std::string PlaceOf(const HeatMap& heat_map);

}  // namespace giot::quality
