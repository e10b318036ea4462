#pragma once

#include "models/camera/item.h"

namespace giot::camera {

// Upright strips that follow the road on both sides, in short pieces: kerbs, guard rails, concrete barriers, hedges.
void AddStrips(const Setting& setting, Items& items);
// Street lamps and signs on posts.
void AddPosts(const Setting& setting, Items& items);

}  // namespace giot::camera
