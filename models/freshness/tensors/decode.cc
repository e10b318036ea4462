#include "models/freshness/tensors/decode.h"

#include <algorithm>

#include "models/freshness/settle_row.h"
#include "models/freshness/tensors/pack_markets.h"
#include "models/policy/tensor_form.h"

namespace giot::freshness {
namespace {

using policy::MarketBatch;
using torch::Tensor;

// Rounds of Bellman and Ford's method: paths are short, three or four items.
constexpr int kRounds = 10;
// Squarings that sum paths of up to 2^kSquarings items.
constexpr int kSquarings = 4;
constexpr double kNever = -1e9;
// A reward or a utility that rises by less is rounding.
constexpr double kRise = 1e-6;
// Utilities that differ by no more count as equal.
constexpr double kTie = 4e-6;

// Cost of every candidate to every type, [B, K types, K candidates].
Tensor CostMatrix(const MarketBatch& markets, const Tensor& quality, const Tensor& update_rate) {
  return markets.cost_types.unsqueeze(2) * quality.unsqueeze(1) +
         UpdateCosts(markets).unsqueeze(2) * update_rate.unsqueeze(1);
}

Tensor OwnCost(const MarketBatch& markets, const Candidates& candidates) {
  return markets.cost_types * candidates.quality + UpdateCosts(markets) * candidates.update_rate;
}

// [B, 1]
Tensor Largest(const Tensor& values, const Tensor& mask) { return (values * mask).amax(1, true); }

// Adds opting out, worth 0 to everybody, as the last column.
Tensor WithOptingOut(const Tensor& utilities) { return torch::constant_pad_nd(utilities, {0, 1}); }

// The earliest along `dimension` of what is largest, or `within` of it.
Tensor Earliest(const Tensor& values, std::int64_t dimension, double within) {
  const Tensor largest = (values >= values.amax(dimension, true) - within).to(values.dtype());
  const Tensor sooner = torch::arange(values.size(dimension), 0, -1, values.options());
  return (largest * (dimension == 1 ? sooner.unsqueeze(1) : sooner)).argmax(dimension);
}

Tensor OneHot(const Tensor& index, const Tensor& like) {
  return torch::zeros_like(like).scatter(2, index.unsqueeze(2), 1.0);
}

// Takes what no type of the market proposed out of the running.
Tensor RealOnly(const MarketBatch& markets, const Tensor& utilities) {
  return utilities + (1 - markets.mask).unsqueeze(1) * kNever;
}

// What types pick, and the least rewards of that.
struct Selected {
  Tensor picks, taken, mass, picked;          // [B, type, item or out], [B, type, item], [B, item] twice.
  Tensor reward, utility, demanding, before;  // [B, item], [B, type], [B, item] twice.
};

Selected LowerRewards(const MarketBatch& markets, const Tensor& cost, const Tensor& picks) {
  const std::int64_t types = markets.types();
  const Tensor taken = picks.narrow(2, 0, types);
  const Tensor mass = (taken * markets.probabilities.unsqueeze(2)).sum(1);
  const Tensor picked = (taken.sum(1) > 0).to(cost.dtype());
  const Tensor not_taker = (1 - taken) * kNever;
  const Tensor not_picked = ((1 - picked) * kNever).unsqueeze(1);
  // Whom a path came from is noted only where a reward rose, so that paths never run in
  // circles.
  Tensor utility = torch::zeros_like(mass);                    // Of each type, at the rewards so far,
  Tensor likes = torch::full_like(mass, types, torch::kLong);  // and what it would take for it.
  Tensor reward = torch::full_like(mass, kNever);
  Tensor demanding = torch::zeros_like(likes);     // The most demanding taker of each item,
  Tensor before = torch::full_like(likes, types);  // and what it would take instead.
  for (int round = 0; round < kRounds; ++round) {
    const Tensor asks = cost + utility.unsqueeze(2) + not_taker;  // [B, type, item]
    const Tensor asked = asks.amax(1);
    const Tensor asker = Earliest(asks, 1, kRise);
    const Tensor rose = (asked > reward + kRise).logical_and(picked > 0);
    reward = torch::where(rose, asked, reward);
    demanding = torch::where(rose, asker, demanding);
    before = torch::where(rose, likes.gather(1, asker), before);
    const Tensor offers = reward.unsqueeze(1) - cost + not_picked;
    const Tensor best = offers.amax(2);
    const Tensor better = best > utility + kRise;
    utility = torch::where(better, best, utility);
    likes = torch::where(better, Earliest(offers, 2, kRise), likes);
  }
  return {picks, taken, mass, picked, reward * picked, utility * markets.mask, demanding, before};
}

// Among what a type likes about as well as its best, what earns the server most.
Tensor PicksInServersFavour(const MarketBatch& markets, const Tensor& cost, const Tensor& value,
                            const Selected& selected) {
  const Tensor enough = (selected.utility - kTie).unsqueeze(2);
  const Tensor utilities = selected.reward.unsqueeze(1) - cost + ((1 - selected.picked) * kNever).unsqueeze(1);
  const Tensor liked = (WithOptingOut(utilities) >= enough).to(cost.dtype());
  const Tensor profit = WithOptingOut((value - selected.reward).unsqueeze(1).expand_as(cost));
  return OneHot((profit + (1 - liked) * kNever).argmax(2), liked) * markets.mask.unsqueeze(2);
}

// Row by row: what is better of the two.
Selected Better(const Tensor& is_second, const Selected& first, const Selected& second) {
  const Tensor row = is_second.unsqueeze(1);
  const Tensor matrix = row.unsqueeze(2);
  return {torch::where(matrix, second.picks, first.picks),      torch::where(matrix, second.taken, first.taken),
          torch::where(row, second.mass, first.mass),           torch::where(row, second.picked, first.picked),
          torch::where(row, second.reward, first.reward),       torch::where(row, second.utility, first.utility),
          torch::where(row, second.demanding, first.demanding), torch::where(row, second.before, first.before)};
}

// The same operations whatever the values are: for any device, and for a trace.
Settled SettleByTensors(const MarketBatch& markets, const Candidates& candidates, int improvements) {
  const std::int64_t types = markets.types();
  const Tensor cost = CostMatrix(markets, candidates.quality, candidates.update_rate);
  const Tensor offered = candidates.rent + OwnCost(markets, candidates);
  const Tensor utilities = WithOptingOut(RealOnly(markets, offered.unsqueeze(1) - cost));
  Selected selected =
      LowerRewards(markets, cost, OneHot(Earliest(utilities, 2, kTie), utilities) * markets.mask.unsqueeze(2));
  if (improvements > 0) {
    const Tensor value = ValueOf(markets, candidates.quality, candidates.update_rate);
    const auto worth = [&](const Selected& of) { return (of.mass * (value - of.reward)).sum(1); };
    for (int i = 0; i < improvements; ++i) {
      const Selected next = LowerRewards(markets, cost, PicksInServersFavour(markets, cost, value, selected));
      selected = Better(worth(next) > worth(selected) + kRise, selected, next);
    }
  }
  const Tensor picked = selected.picked.unsqueeze(2);
  const Tensor taker = OneHot(selected.demanding, cost) * picked;                            // [B, item, type]
  const Tensor path = OneHot(selected.before, selected.picks).narrow(2, 0, types) * picked;  // [B, item, item before]
  // flow = mass + mass of all items further along the path: (I + P + P^2 + ...)^T mass.
  Tensor flow = selected.mass.unsqueeze(1);
  Tensor step = path;
  for (int i = 0; i < kSquarings; ++i) {
    flow = flow + flow.bmm(step);
    step = step.bmm(step);
  }
  const Tensor at_taker = flow.transpose(1, 2);  // [B, item, 1]
  const auto demand = [&](const Tensor& type_cost) {
    const Tensor own = taker.bmm(type_cost.unsqueeze(2)) * at_taker;  // [B, item, 1]
    return (own - path.transpose(1, 2).bmm(own)).squeeze(2);
  };
  return {selected.picks,
          selected.mass,
          selected.reward,
          selected.utility,
          flow.squeeze(1),
          demand(markets.cost_types),
          demand(UpdateCosts(markets))};
}

// Row by row on the CPU, many times faster. Padding never takes part: it is last.
Settled SettleByRows(const MarketBatch& markets, const Candidates& candidates, int improvements) {
  const std::int64_t types = markets.types();
  const Tensor real = markets.mask.sum(1).to(torch::kInt).contiguous();
  const Tensor inputs = torch::stack({markets.probabilities, markets.cost_types, UpdateCosts(markets),
                                      candidates.quality, candidates.update_rate, candidates.rent,
                                      ValueOf(markets, candidates.quality, candidates.update_rate)},
                                     1)
                            .contiguous();
  Tensor outputs = torch::zeros({6, markets.size(), types});
  Tensor picks = torch::zeros({markets.size(), types, types + 1});
  float* const out = outputs.data_ptr<float>();
  for (std::int64_t row = 0; row < markets.size(); ++row) {
    const float* const in = inputs.data_ptr<float>() + row * 7 * types;
    const int count = real.data_ptr<int>()[row];
    const SettledRow settled = SettleRow(
        {count, in, in + types, in + 2 * types, in + 3 * types, in + 4 * types, in + 5 * types, in + 6 * types},
        improvements);
    const float* const columns[] = {settled.mass, settled.reward,         settled.utility,
                                    settled.flow, settled.demand_sensing, settled.demand_update};
    for (int column = 0; column < 6; ++column) {
      std::copy_n(columns[column], count, out + (column * markets.size() + row) * types);
    }
    for (int t = 0; t < count; ++t) {
      const std::int64_t picked = settled.picks[t] < count ? settled.picks[t] : types;
      picks.data_ptr<float>()[(row * types + t) * (types + 1) + picked] = 1.0F;
    }
  }
  return {picks, outputs[0], outputs[1], outputs[2], outputs[3], outputs[4], outputs[5]};
}

}  // namespace

Candidates MakeCandidates(const MarketBatch& markets, const Tensor& levels) {
  const std::int64_t types = markets.types();
  const Tensor z = 0.5 + 0.5 * levels;
  const Tensor update_costs = UpdateCosts(markets);
  const Tensor largest_rent = Largest(markets.cost_types, markets.mask) - markets.cost_types +
                              Largest(update_costs, markets.mask) - update_costs;
  return {z.narrow(1, 0, types) * markets.mask, z.narrow(1, types, types) * markets.mask,
          z.narrow(1, 2 * types, types) * largest_rent * markets.mask};
}

Settled SettleCandidates(const MarketBatch& markets, const Candidates& candidates, int improvements) {
  const torch::NoGradGuard no_grad;
  const bool by_rows = candidates.quality.scalar_type() == torch::kFloat && !policy::UsesTensorForm(candidates.quality);
  return by_rows ? SettleByRows(markets, candidates, improvements) : SettleByTensors(markets, candidates, improvements);
}

Tensor ValueOf(const MarketBatch& markets, const Tensor& quality, const Tensor& update_rate) {
  const Tensor age = 1 / (update_rate + kAgeOffset);
  return markets.global(kValueScale) * (markets.global(kValueRate) * quality).log1p() *
         (-markets.global(kStalenessRate) * (age - kFreshestAge)).exp();
}

Tensor Utility(const MarketBatch& markets, const Candidates& candidates, const Settled& settled) {
  // The pay is linear in each quality and update rate along the paths.
  return (settled.mass * ValueOf(markets, candidates.quality, candidates.update_rate) -
          settled.demand_sensing * candidates.quality - settled.demand_update * candidates.update_rate)
      .sum(1);
}

Tensor SmoothedUtility(const MarketBatch& markets, const Candidates& candidates, double temperature) {
  const Tensor cost = CostMatrix(markets, candidates.quality, candidates.update_rate);
  const Tensor reward = candidates.rent + OwnCost(markets, candidates);
  const Tensor utilities = WithOptingOut(RealOnly(markets, reward.unsqueeze(1) - cost));
  const Tensor chance = (utilities / temperature).softmax(2).narrow(2, 0, markets.types());
  const Tensor profit = ValueOf(markets, candidates.quality, candidates.update_rate) - reward;
  return (markets.probabilities * chance.bmm(profit.unsqueeze(2)).squeeze(2)).sum(1);
}

Tensor SingleItemUtility(const MarketBatch& markets) {
  constexpr double kQualities[] = {0.15, 0.35, 0.65, 1.0};
  constexpr double kUpdateRates[] = {0.1, 0.25, 0.5, 0.9};
  Tensor best;
  for (const double quality : kQualities) {
    for (const double update_rate : kUpdateRates) {
      const Tensor costs = (markets.cost_types * quality + UpdateCosts(markets) * update_rate) * markets.mask;
      const Tensor value = ValueOf(markets, torch::full_like(markets.global(kValueScale), quality),
                                   torch::full_like(markets.global(kValueScale), update_rate));
      // Each type's cost as the reward: who is at most as costly takes the item.
      const Tensor takers =
          (costs.unsqueeze(1) <= costs.unsqueeze(2) + 1e-6).to(costs.dtype()) * markets.mask.unsqueeze(2);
      const Tensor served = takers.bmm(markets.probabilities.unsqueeze(2)).squeeze(2);
      const Tensor utility = (served * (value - costs)).amax(1);
      best = best.defined() ? torch::max(best, utility) : utility;
    }
  }
  return best;
}

}  // namespace giot::freshness
