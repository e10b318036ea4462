#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/anytime/held_out.h"
#include "bench/anytime/proposer.h"
#include "models/search/budget.h"

namespace giot::bench {

// A way to answer for a market by a deadline: it calls back at each better menu.
struct Method {
  std::string name;
  std::function<absl::Status(HeldOutMarket&, const search::Budget&, const search::ImprovementCallback&)> answer;
};

// What is compared, on one market at a time:
//   slsqp, cma_es, climb   multi-start searches; the first start is all levels 0, others are random
//   item_*                 the same for levels that state items, where the family has them
//   policy_1, policy_16    the best of so many proposals
//   policy_1_polish, policy_16_polish   the same, then polished
// item_* fail with FailedPrecondition on a market without. `proposer` must outlive them; without
// one there are no policies.
std::vector<Method> Methods(bool with_items, Proposer* proposer);

}  // namespace giot::bench
