#include "trainer/evaluation/unsolved_market.h"

#include <cstdlib>
#include <iostream>
#include <random>

#include "models/freshness/market_sampler.h"
#include "models/uncertain/market_sampler.h"
#include "trainer/evaluation/freshness_held_out.h"
#include "trainer/evaluation/uncertain_held_out.h"

namespace giot::trainer {

std::function<std::unique_ptr<UnsolvedMarket>()> UnsolvedMarkets(bundle::Family family, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  switch (family) {
    case bundle::Family::kUncertain:
      return [random]() mutable { return MakeHeldOut(uncertain::SampleMarket({}, random)); };
    case bundle::Family::kFreshness:
      return [random]() mutable { return MakeHeldOut(freshness::SampleMarket({}, random)); };
    case bundle::Family::kScreening:
      break;
  }
  std::cerr << "the optimum of " << bundle::NameOf(family) << " markets is known\n";
  std::abort();
}

}  // namespace giot::trainer
