"""The recipe of trainer/configs/screening.flags in plain Python, to compare speeds with giot-trainer.

The same markets, features, network, decode, objective, gradient step and averages as
models/screening/tensors, models/policy/diffusion_policy.cc and trainer/learning/pathwise.cc,
written as one would with torch alone. Runs on one thread and prints a JSON object:

    python3 plain_torch.py --steps 300

`loss` is the mean of the last 100 steps: both programs should learn alike.
"""

import argparse
import ctypes
import json
import math
import os
import time

# Before torch, whose BLAS reads them when it is loaded.
os.environ.update(OMP_NUM_THREADS='1', OPENBLAS_NUM_THREADS='1')

import torch
from torch import nn
from torch.nn import functional as F

BATCH, TYPES, HIDDEN, STEPS = 128, 16, 64, 3
RATE, WARMUP, ITERATIONS, DECAY, CLIP = 2e-3, 100, 40_000, 0.999, 1.0
BETA_MIN, BETA_MAX = 0.1, 10.0
TYPE_FEATURES, GLOBAL_FEATURES, PROPOSAL_FEATURES = 7, 8, 7
NEIGHBOURHOOD, UTILITY_FLOOR, BEYOND = 0.05, 0.05, 1e30


class Markets:
    """Random markets with theta_K = 1, as screening::GenerateMarkets draws them."""

    def __init__(self, count):
        def uniform(low, high):
            return low + (high - low) * torch.rand(count, 1)

        types = torch.randint(2, TYPES + 1, (count, 1), dtype=torch.float32)
        index = torch.arange(TYPES, dtype=torch.float32).unsqueeze(0)
        mask = (index < types).float()
        first, last = uniform(0.1, 0.6), uniform(0.8, 1.5)
        spacing = (0.15 - torch.log1p(-torch.rand(count, TYPES))) * mask * (index > 0)
        position = spacing.cumsum(1) / spacing.sum(1, keepdim=True)
        theta = (first + (last - first) * position) / last
        mass = (torch._standard_gamma(torch.full((count, TYPES), 1.5)) + 0.08) * mask

        self.theta = torch.where(mask > 0, theta, torch.ones_like(theta))
        self.p = mass / mass.sum(1, keepdim=True)
        self.mask = mask
        self.omega = uniform(0.4, 2.0) / last
        self.rate = uniform(math.log(6), math.log(40)).exp()
        self.kappa = uniform(0.0, 1.0)
        self.low = uniform(0.01, 0.1)
        self.has_budget = (torch.rand(count, 1) < 0.5).float()
        lowest = 1.15 * self.low
        bought = lowest + (0.9 - lowest) * torch.rand(count, 1)
        self.budget = (bought + 0.5 * self.kappa * bought * bought) * self.has_budget

    def virtual_costs(self):
        step = self.theta[:, 1:] - self.theta[:, :-1]
        cheaper = self.p.cumsum(1)[:, :-1]
        rent = self.mask[:, 1:] * cheaper * step / self.p[:, 1:].clamp_min(1e-12)
        return self.theta + F.pad(rent, (1, 0))

    def cost(self, quality):
        return quality + 0.5 * self.kappa * quality * quality

    def quality_at(self, cost):
        return 2 * cost / (1 + (1 + 2 * self.kappa * cost).sqrt())

    def value(self, quality):
        return self.omega * (self.rate * quality).log1p()


def nonincreasing_regression(values, weights):
    """Weighted isotonic regression by the min-max formula, with autograd's own gradient."""
    w, z = weights.double(), values.double()
    weight_sum, value_sum = w.cumsum(1), (w * z).cumsum(1)
    weight_before, value_before = (weight_sum - w).unsqueeze(2), (value_sum - w * z).unsqueeze(2)
    mean = (value_sum.unsqueeze(1) - value_before) / (weight_sum.unsqueeze(1) - weight_before).clamp_min(1e-15)
    invalid = torch.ones(TYPES, TYPES, dtype=torch.bool).tril(-1)
    max_over_j = mean.masked_fill(invalid, -BEYOND).flip(2).cummax(2)[0].flip(2)
    min_over_i = max_over_j.masked_fill(invalid, BEYOND).cummin(1)[0]
    return min_over_i.diagonal(0, 1, 2).to(values.dtype)


def decode(markets, virtual_costs, levels):
    """Qualities of the feasible menus, and their expected pay before it is scaled to the budget."""
    z = nonincreasing_regression(0.5 + 0.5 * levels, markets.p)
    wanted = markets.low + (1 - markets.low) * z * markets.mask
    cost_low, cost = markets.cost(markets.low), markets.cost(wanted)
    pay = (markets.p * virtual_costs * cost).sum(1, keepdim=True)
    room = (markets.budget - cost_low) / (pay - cost_low).clamp_min(1e-9)
    scale = torch.where(markets.has_budget > 0, room.clamp(0, 1), torch.ones_like(room))
    quality = torch.where(scale < 1, markets.quality_at(cost_low + scale * (cost - cost_low)), wanted)
    return quality, pay


def pooling_utility(markets):
    a, b, c0 = markets.rate * markets.kappa, markets.rate + markets.kappa, 1 - markets.omega * markets.rate
    best = -2 * c0 / (b + (b * b - 4 * a * c0).clamp_min(0).sqrt())
    affordable = torch.where(markets.has_budget > 0, markets.quality_at(markets.budget), torch.ones_like(best))
    quality = torch.max(torch.min(best, affordable.clamp_max(1)), markets.low)
    return (markets.value(quality) - markets.cost(quality)).squeeze(1)


def objective(markets, levels):
    virtual_costs = markets.virtual_costs()
    quality, _ = decode(markets, virtual_costs, levels)
    utility = (markets.p * (markets.value(quality) - virtual_costs * markets.cost(quality))).sum(1)
    return utility / pooling_utility(markets).clamp_min(UTILITY_FLOOR)


def observe(markets):
    virtual_costs = markets.virtual_costs()
    previous = F.pad(markets.theta[:, :-1], (1, 0))
    types = torch.stack(
        [
            markets.theta,
            markets.p,
            markets.p.cumsum(1) - markets.p,
            markets.theta - previous,
            markets.p.clamp_min(1e-9).log(),
            (virtual_costs / markets.omega).log(),
            markets.mask,
        ],
        2,
    )
    share = markets.budget / (1 + 0.5 * markets.kappa)
    globals_ = torch.cat(
        [
            markets.omega,
            markets.omega.log(),
            markets.rate.log(),
            markets.kappa,
            10 * markets.low,
            markets.has_budget,
            share * markets.has_budget,
            share.clamp_min(1e-6).log() * markets.has_budget,
        ],
        1,
    )
    return types * markets.mask.unsqueeze(2), globals_, virtual_costs


def proposal_features(markets, virtual_costs, noisy, proposal):
    quality, pay = decode(markets, virtual_costs, proposal)
    level = 2 * (quality - markets.low) / (1 - markets.low) - 1
    distance = (level.unsqueeze(2) - level.unsqueeze(1)) / NEIGHBOURHOOD
    closeness = torch.exp(-distance * distance) * markets.p.unsqueeze(1)
    weighted_cost = closeness.bmm(virtual_costs.unsqueeze(2)).squeeze(2)
    shared_cost = torch.where(markets.mask > 0, weighted_cost / closeness.sum(2).clamp_min(1e-12), virtual_costs)
    slope = markets.omega * markets.rate / ((1 + markets.rate * quality) * (1 + markets.kappa * quality))
    margin = (slope / virtual_costs).log().clamp(-4, 4)
    shared = (slope / shared_cost).log().clamp(-4, 4)
    spent = markets.p * virtual_costs * (quality - markets.low) * (1 + 0.5 * markets.kappa * (quality + markets.low))
    spent_share = spent.clamp_min(0) / spent.clamp_min(0).sum(1, keepdim=True).clamp_min(1e-6)
    excess = shared - (spent_share * shared).sum(1, keepdim=True)
    pressure = (pay / markets.budget.clamp_min(1e-6)).log().clamp(-3, 3) * markets.has_budget
    return torch.stack([noisy, proposal, level, margin, shared, excess, pressure.expand_as(proposal)], 2)


class ProjectedClamp(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return x.clamp(-1, 1)

    @staticmethod
    def backward(context, gradient):
        (x,) = context.saved_tensors
        return gradient.masked_fill((x.abs() > 1) & (x * gradient < 0), 0)


def posterior_weights():
    """(x0 weight, x weight, noise scale) of the steps t = T..1 of the variance-preserving diffusion."""

    def signal(t):
        time_ = t / STEPS
        return math.exp(-BETA_MIN * time_ - 0.5 * (BETA_MAX - BETA_MIN) * time_ * time_)

    weights = []
    for t in range(STEPS, 0, -1):
        now, before = signal(t), signal(t - 1)
        alpha = now / before
        weights.append(
            (
                math.sqrt(before) * (1 - alpha) / (1 - now),
                math.sqrt(alpha) * (1 - before) / (1 - now),
                math.sqrt((1 - alpha) * (1 - before) / (1 - now)),
            )
        )
    return weights


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.type_in = nn.Linear(TYPE_FEATURES, HIDDEN)
        self.global_in = nn.Linear(GLOBAL_FEATURES, HIDDEN, bias=False)
        self.mix = nn.Linear(HIDDEN, HIDDEN)
        self.mix_pool = nn.Linear(2 * HIDDEN, HIDDEN, bias=False)
        self.encode = nn.Linear(HIDDEN, HIDDEN, bias=False)
        self.encode_pool = nn.Linear(2 * HIDDEN, HIDDEN, bias=False)
        self.proposal_in = nn.Linear(PROPOSAL_FEATURES, HIDDEN, bias=False)
        self.step_embedding = nn.Parameter(0.1 * torch.randn(STEPS, HIDDEN))
        self.head = nn.Linear(HIDDEN, HIDDEN)
        self.head_pool = nn.Linear(2 * HIDDEN, HIDDEN, bias=False)
        self.out = nn.Linear(HIDDEN, 1)
        self.chain = posterior_weights()

    @staticmethod
    def pool(markets, hidden):
        uniform = markets.mask / markets.mask.sum(1, keepdim=True)
        expected = (hidden * markets.p.unsqueeze(2)).sum(1)
        return torch.cat([expected, (hidden * uniform.unsqueeze(2)).sum(1)], 1)

    def forward(self, markets, noise):
        types, globals_, virtual_costs = observe(markets)
        h1 = F.silu(self.type_in(types) + self.global_in(globals_).unsqueeze(1))
        h2 = F.silu(self.mix(h1) + self.mix_pool(self.pool(markets, h1)).unsqueeze(1))
        encoded = self.encode(h2) + self.encode_pool(self.pool(markets, h2)).unsqueeze(1)
        x = noise[:, 0] * markets.mask
        x0 = torch.zeros_like(x)
        for step, (x0_weight, x_weight, noise_scale) in enumerate(self.chain):
            seen = proposal_features(markets, virtual_costs, x, x0)
            u = F.silu(encoded + self.proposal_in(seen) + self.step_embedding[step])
            v = F.silu(self.head(u) + self.head_pool(self.pool(markets, u)).unsqueeze(1))
            x0 = ProjectedClamp.apply(self.out(v).squeeze(2)) * markets.mask
            if step + 1 < STEPS:
                x = x0_weight * x0 + x_weight * x + noise_scale * noise[:, step + 1] * markets.mask
        return x0


def learning_rate(iteration):
    if iteration < WARMUP:
        return RATE * (iteration + 1) / WARMUP
    return RATE * 0.5 * (1 + math.cos(math.pi * (iteration - WARMUP) / (ITERATIONS - WARMUP)))


def train(steps):
    torch.manual_seed(1)
    policy, averaged = Policy(), Policy()
    averaged.load_state_dict(policy.state_dict())
    optimizer = torch.optim.Adam(policy.parameters(), lr=RATE, betas=(0.9, 0.98))
    losses = []
    for iteration in range(steps):
        optimizer.param_groups[0]['lr'] = learning_rate(iteration)
        markets = Markets(BATCH)
        loss = -objective(markets, policy(markets, torch.randn(BATCH, STEPS, TYPES))).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(policy.parameters(), CLIP)
        losses.append(loss.item())
        optimizer.step()
        with torch.no_grad():
            for target, source in zip(averaged.parameters(), policy.parameters()):
                target.lerp_(source, 1 - DECAY)
    return sum(losses[-100:]) / len(losses[-100:])


def retain_freed_memory():
    """As trainer/retained_memory.h: else glibc gives large tensors back to the system at every step."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, 'mallopt'):
        libc.mallopt(-3, 1 << 30)  # M_MMAP_THRESHOLD
        libc.mallopt(-1, 1 << 30)  # M_TRIM_THRESHOLD
        libc.mallopt(-2, 64 << 20)  # M_TOP_PAD


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--steps', type=int, default=300)
    steps = parser.parse_args().steps
    torch.set_num_threads(1)
    retain_freed_memory()
    train(10)
    start, cpu_start = time.perf_counter(), time.process_time()
    loss = train(steps)
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
    print(json.dumps({'step': steps, 'seconds': round(seconds, 2), 'cpu_seconds': round(cpu_seconds, 2), 'loss': loss}))


if __name__ == '__main__':
    main()
