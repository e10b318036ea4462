#pragma once

#include <memory>

#include "models/bundle/family.h"
#include "models/policy/environment.h"

namespace giot::bundle {

// What MakeEnvironment of the family makes.
std::shared_ptr<const policy::Environment> TestEnvironment(Family family);

}  // namespace giot::bundle
