#include "models/policy/scripted_policy.h"

#include <algorithm>
#include <exception>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace giot::policy {
namespace {

// The same function as diffusion_policy.cc, features.cc, decode.cc and isotonic.cc;
// keep them in step (the test compares them).
// Indices into globals follow GlobalColumn.
constexpr const char* kSource = R"(
def pool(self, p: Tensor, uniform: Tensor, hidden: Tensor) -> Tensor:
    return torch.flatten(torch.bmm(torch.stack([p, uniform], 1), hidden), 1)

def nonincreasing(self, values: Tensor, weights: Tensor) -> Tensor:
    w = weights.double()
    v = values.double()
    weight_sum = torch.cumsum(w, 1)
    value_sum = torch.cumsum(w * v, 1)
    weight_before = torch.unsqueeze(weight_sum - w, 2)
    value_before = torch.unsqueeze(value_sum - w * v, 2)
    block_weight = torch.clamp_min(torch.unsqueeze(weight_sum, 1) - weight_before, 1e-15)
    mean = (torch.unsqueeze(value_sum, 1) - value_before) / block_weight
    invalid = torch.tril(torch.ones_like(mean), -1) > 0
    valid = torch.masked_fill(mean, invalid, -1e30)
    highest = torch.flip(torch.cummax(torch.flip(valid, [2]), 2)[0], [2])
    lowest = torch.cummin(torch.masked_fill(highest, invalid, 1e30), 1)[0]
    return torch.diagonal(lowest, 0, 1, 2).float()

def forward(self, theta: Tensor, p: Tensor, mask: Tensor, globals: Tensor, noise: Tensor) -> Tensor:
    omega = globals[:, 0:1]
    rate = globals[:, 1:2]
    curvature = globals[:, 2:3]
    low = globals[:, 3:4]
    high = globals[:, 4:5]
    has_budget = globals[:, 5:6]
    budget = globals[:, 6:7]
    before = torch.cumsum(p, 1) - p
    step_up = theta[:, 1:] - theta[:, :-1]
    rent = mask[:, 1:] * torch.cumsum(p, 1)[:, :-1] * step_up / torch.clamp_min(p[:, 1:], 1e-12)
    phi = theta + torch.constant_pad_nd(rent, [1, 0])
    previous = torch.constant_pad_nd(theta[:, :-1], [1, 0])
    per_type = torch.stack([theta, p, before, theta - previous, torch.log(torch.clamp_min(p, 1e-9)),
                            torch.log(phi / omega), mask], 2) * torch.unsqueeze(mask, 2)
    share = budget / (1 + 0.5 * curvature)
    per_market = torch.cat([omega, torch.log(omega), torch.log(rate), curvature, 10 * low, has_budget,
                            share * has_budget, torch.log(torch.clamp_min(share, 1e-6)) * has_budget], 1)
    uniform = mask / torch.sum(mask, 1, True)
    cost_low = low + 0.5 * curvature * low * low

    h1 = torch.silu(torch.linear(per_type, self.type_in_weight, self.type_in_bias)
                    + torch.unsqueeze(torch.linear(per_market, self.global_in_weight), 1))
    h2 = torch.silu(torch.linear(h1, self.mix_weight, self.mix_bias)
                    + torch.unsqueeze(torch.linear(self.pool(p, uniform, h1), self.mix_pool_weight), 1))
    encoded = (torch.linear(h2, self.encode_weight)
               + torch.unsqueeze(torch.linear(self.pool(p, uniform, h2), self.encode_pool_weight), 1))

    x = noise[:, 0] * mask
    x0 = torch.zeros_like(x)
    steps = noise.size(1)
    for step in range(steps):
        z = self.nonincreasing(0.5 + 0.5 * x0, p)
        wanted = low + (high - low) * z * mask
        cost = wanted + 0.5 * curvature * wanted * wanted
        pay = torch.sum(p * phi * cost, 1, True)
        room = (budget - cost_low) / torch.clamp_min(pay - cost_low, 1e-9)
        scale = torch.where(has_budget > 0, torch.clamp(room, 0, 1), torch.ones_like(room))
        kept = cost_low + scale * (cost - cost_low)
        quality = torch.where(scale < 1, 2 * kept / (1 + torch.sqrt(1 + 2 * curvature * kept)), wanted)
        level = 2 * (quality - low) / (high - low) - 1
        distance = (torch.unsqueeze(level, 2) - torch.unsqueeze(level, 1)) / NEIGHBOURHOOD
        closeness = torch.exp(-distance * distance) * torch.unsqueeze(p, 1)
        weighted = torch.squeeze(torch.bmm(closeness, torch.unsqueeze(phi, 2)), 2)
        shared_cost = torch.where(mask > 0, weighted / torch.clamp_min(torch.sum(closeness, 2), 1e-12), phi)
        slope_ratio = omega * rate / ((1 + rate * quality) * (1 + curvature * quality))
        margin = torch.clamp(torch.log(slope_ratio / phi), -4, 4)
        shared_margin = torch.clamp(torch.log(slope_ratio / shared_cost), -4, 4)
        spent = torch.clamp_min(p * phi * (quality - low) * (1 + 0.5 * curvature * (quality + low)), 0)
        spent_share = spent / torch.clamp_min(torch.sum(spent, 1, True), 1e-6)
        excess = shared_margin - torch.sum(spent_share * shared_margin, 1, True)
        pressure = torch.clamp(torch.log(pay / torch.clamp_min(budget, 1e-6)), -3, 3) * has_budget
        proposal = torch.stack([x, x0, level, margin, shared_margin, excess, pressure.expand_as(x0)], 2)
        u = torch.silu(encoded + torch.linear(proposal, self.proposal_in_weight) + self.step_embedding[step])
        v = torch.silu(torch.linear(u, self.head_weight, self.head_bias)
                       + torch.unsqueeze(torch.linear(self.pool(p, uniform, u), self.head_pool_weight), 1))
        x0 = torch.clamp(torch.squeeze(torch.linear(v, self.out_weight, self.out_bias), 2), -1, 1) * mask
        if step + 1 < steps:
            x = (self.chain[step, 0] * x0 + self.chain[step, 1] * x
                 + self.chain[step, 2] * noise[:, step + 1] * mask)
    return x0
)";

std::string Source() { return absl::StrReplaceAll(kSource, {{"NEIGHBOURHOOD", absl::StrCat(kNeighbourhood)}}); }

torch::Tensor ChainTensor(const std::vector<DenoisingStep>& chain) {
  torch::Tensor weights = torch::empty({static_cast<std::int64_t>(chain.size()), 3});
  for (std::size_t step = 0; step < chain.size(); ++step) {
    const auto row = static_cast<std::int64_t>(step);
    weights[row][0] = chain[step].x0_weight;
    weights[row][1] = chain[step].x_weight;
    weights[row][2] = chain[step].noise_scale;
  }
  return weights;
}

}  // namespace

absl::StatusOr<torch::jit::Module> ScriptPolicy(const DiffusionPolicy& policy) {
  try {
    torch::jit::Module module("DiffusionPolicy");
    for (const auto& parameter : policy->named_parameters()) {
      std::string name = parameter.key();
      std::replace(name.begin(), name.end(), '.', '_');
      module.register_parameter(name, parameter.value().detach().to(torch::kCPU).clone(), /*is_buffer=*/false);
    }
    module.register_buffer("chain", ChainTensor(policy->chain()));
    module.define(Source());
    module.eval();
    return module;
  } catch (const std::exception& error) {
    return absl::InternalError(absl::StrCat("cannot script the policy: ", error.what()));
  }
}

}  // namespace giot::policy
