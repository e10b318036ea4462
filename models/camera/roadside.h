#pragma once

#include "models/camera/item.h"

namespace giot::camera {

// All that stands beside the road and does not move: trees, buildings, hedges, rails, kerbs, lamps, signs.
// `setting` must outlive the items.
Items RoadsideOf(const Setting& setting);

}  // namespace giot::camera
