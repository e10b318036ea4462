#include "tests/models/bundle/test_environment.h"

#include <cstdlib>

#include "models/freshness/tensors/environment.h"
#include "models/screening/tensors/environment.h"
#include "models/uncertain/tensors/environment.h"

namespace giot::bundle {

std::shared_ptr<const policy::Environment> TestEnvironment(Family family) {
  switch (family) {
    case Family::kScreening:
      return screening::MakeEnvironment();
    case Family::kUncertain:
      return uncertain::MakeEnvironment();
    case Family::kFreshness:
      return freshness::MakeEnvironment();
  }
  std::abort();
}

}  // namespace giot::bundle
