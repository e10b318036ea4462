#pragma once

#include <string>
#include <vector>

namespace giot::trainer {

// A named number of one training step, finite.
struct Scalar {
  std::string name;  // lower_case
  double value = 0.0;
};

using Scalars = std::vector<Scalar>;

}  // namespace giot::trainer
