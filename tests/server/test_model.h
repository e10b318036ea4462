#pragma once

#include <memory>

#include "models/bundle/bundle.h"
#include "models/bundle/family.h"

namespace giot {

// A verified model of a family, the same one for all tests of a program. Its weights
// are random: its menus are feasible and poor. Aborts the program if there is none.
// Not thread-safe.
std::shared_ptr<const bundle::Bundle> TestModel(bundle::Family family);

}  // namespace giot
