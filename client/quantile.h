#pragma once

#include <vector>

namespace giot::client {

// The smallest value that at least `share` of the values do not exceed (nearest
// rank); 0 if there are none. share in [0, 1].
double Quantile(std::vector<double> values, double share);

}  // namespace giot::client
