#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "models/bundle/family.h"
#include "models/bundle/policy_runner.h"

namespace giot::bundle {

// Whether levels may move far where the numbers that lead to them move by a rounding
// error: the settling of freshness markets decides near ties, and policies for uncertain
// markets magnify rounding now and then, as what they see of their own proposal is steep.
bool MayHingeOnRounding(Family family);

// Which of `samples` answers of a runner do not hinge on rounding: they move by no more than half of
// kRunnerAgreement when every number of the noise [samples, steps, C K] moves by four
// millionths, up or down at random, eight times over. Two programs that round otherwise can
// be held against each other on these alone. Any error of the runner.
absl::StatusOr<std::vector<bool>> SteadyAnswers(const PolicyRunner& runner, const contract::PackedMarket& market,
                                                absl::Span<const float> noise, int samples,
                                                absl::Span<const float> levels);

}  // namespace giot::bundle
