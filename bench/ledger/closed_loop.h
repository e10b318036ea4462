#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/ledger/driver.h"

namespace giot::bench {

using SubmitFunction = std::function<void(std::string envelope, ledger::Driver::Done done)>;

struct Throughput {
  double per_second = 0.0;
  double p50_ms = 0.0;  // From Submit's call to its answer.
  double p99_ms = 0.0;
};

// Submits all, from several threads, so that `waiting` at most have no answer yet. An error if one is not
// placed with code OK.
absl::StatusOr<Throughput> SubmitAll(std::vector<std::string> envelopes, int threads, int waiting,
                                     const SubmitFunction& submit);

// Sorts.
double Quantile(std::vector<double>& values, double quantile);

}  // namespace giot::bench
