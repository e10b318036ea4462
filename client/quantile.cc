#include "client/quantile.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace giot::client {

double Quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0.0;
  const auto rank = static_cast<std::ptrdiff_t>(std::ceil(share * static_cast<double>(values.size())));
  const auto nth = values.begin() + std::clamp<std::ptrdiff_t>(rank - 1, 0, std::ssize(values) - 1);
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

}  // namespace giot::client
