#include "models/bundle/fused_kernel.h"

#include "models/bundle/fused_dense.h"
#include "models/bundle/fused_freshness.h"
#include "models/bundle/fused_screening.h"
#include "models/bundle/fused_uncertain.h"
#include "models/bundle/fused_vector.h"

// policy::DiffusionPolicyImpl::forward for one market and many samples. Compiled
// once for each instruction set: GIOT_FUSED_FORWARD is the function's name there.

namespace giot::bundle {
namespace {

// Rows (samples x types) that go through the head together: enough to reuse the
// weights, few enough to stay in the nearest caches.
constexpr int kChunkRows = 64;
constexpr int kMaxChunk = 16;

// [sum_k p_k h_k, mean_k h_k] of rows [types][hidden].
void Pool(const contract::PackedMarket& market, const float* rows, int hidden, float* pooled) {
  const float share = 1.0F / static_cast<float>(market.types);
  for (int h = 0; h < hidden; h += kLanes) {
    Vec expectation = {};
    Vec sum = {};
    for (int k = 0; k < market.types; ++k) {
      const Vec value = Load(rows + k * hidden + h);
      expectation += value * market.probabilities[k];
      sum += value;
    }
    Store(pooled + h, expectation);
    Store(pooled + hidden + h, sum * share);
  }
}

// e: [types][hidden].
void Encode(const FusedNetwork& network, const contract::PackedMarket& market, const float* type_features,
            const float* global_features, float* encoded) {
  alignas(64) float context[kFusedHidden];
  alignas(64) float pooled[2 * kFusedHidden];
  alignas(64) float h1[kFusedTypes * kFusedHidden];
  alignas(64) float h2[kFusedTypes * kFusedHidden];
  alignas(64) const float zero[kFusedHidden] = {};
  const int hidden = network.hidden;
  const int types = market.types;
  Dense<false>(1, {global_features, network.global_features, 0, 1}, network.global_in, hidden,
               {network.type_in_bias, 0}, context);
  Dense<true>(types, {type_features, network.type_features, 1, kFusedTypes}, network.type_in, hidden, {context, 0}, h1);
  Pool(market, h1, hidden, pooled);
  Dense<false>(1, {pooled, 2 * hidden, 0, 1}, network.mix_pool, hidden, {network.mix_bias, 0}, context);
  Dense<true>(types, {h1, hidden, hidden, 1}, network.mix, hidden, {context, 0}, h2);
  Pool(market, h2, hidden, pooled);
  Dense<false>(1, {pooled, 2 * hidden, 0, 1}, network.encode_pool, hidden, {zero, 0}, context);
  Dense<false>(types, {h2, hidden, hidden, 1}, network.encode, hidden, {context, 0}, encoded);
}

// One chunk of samples on its way through the chain; levels channel by channel,
// [channels][types].
struct Chains {
  int samples;
  float x[kMaxChunk][kFusedChannels * kFusedTypes];   // Noisy levels.
  float x0[kMaxChunk][kFusedChannels * kFusedTypes];  // The last proposal.
};

// levels [channels][types] from hidden_rows [types][hidden]. NaN passes, so that it is seen.
void OutputLevels(const FusedNetwork& network, int types, const float* hidden_rows, float* levels) {
  for (int channel = 0; channel < network.channels; ++channel) {
    const float* weights = network.out + channel * network.hidden;
    for (int k = 0; k < types; ++k) {
      Vec sum = {};
      for (int h = 0; h < network.hidden; h += kLanes) {
        sum += Load(hidden_rows + k * network.hidden + h) * Load(weights + h);
      }
      const float level = Sum(sum) + network.out_bias[channel];
      *levels++ = level < -1.0F ? -1.0F : level > 1.0F ? 1.0F : level;
    }
  }
}

// The head of one step for all samples: chains.x, chains.x0 -> chains.x0. `propose`
// writes the proposal features of one sample, [features][kFusedTypes].
template <typename Propose>
void PredictLevels(const FusedNetwork& network, const contract::PackedMarket& market, const Propose& propose,
                   const float* encoded, int step, Chains& chains) {
  alignas(64) float base[kFusedTypes * kFusedHidden];  // e_k + a_t
  alignas(64) float u[kChunkRows * kFusedHidden];
  alignas(64) float v[kFusedTypes * kFusedHidden];
  alignas(64) float pooled[kMaxChunk * 2 * kFusedHidden];
  alignas(64) float context[kMaxChunk * kFusedHidden];
  float features[kFusedFeatures * kFusedTypes];
  const int hidden = network.hidden;
  const int types = market.types;
  const float* embedding = network.step_embedding + step * hidden;
  for (int k = 0; k < types; ++k) {
    for (int h = 0; h < hidden; h += kLanes) {
      Store(base + k * hidden + h, Load(encoded + k * hidden + h) + Load(embedding + h));
    }
  }
  for (int s = 0; s < chains.samples; ++s) {
    float* rows = u + s * types * hidden;
    propose(chains.x[s], chains.x0[s], features);
    Dense<true>(types, {features, network.proposal_features, 1, kFusedTypes}, network.proposal_in, hidden,
                {base, hidden}, rows);
    Pool(market, rows, hidden, pooled + s * 2 * hidden);
  }
  Dense<false>(chains.samples, {pooled, 2 * hidden, 2 * hidden, 1}, network.head_pool, hidden, {network.head_bias, 0},
               context);
  for (int s = 0; s < chains.samples; ++s) {
    Dense<true>(types, {u + s * types * hidden, hidden, hidden, 1}, network.head, hidden, {context + s * hidden, 0}, v);
    OutputLevels(network, types, v, chains.x0[s]);
  }
}

// noise [samples, steps, channels types], levels [samples, channels types].
template <typename Propose>
void RunChains(const FusedNetwork& network, const contract::PackedMarket& market, const Propose& propose,
               const float* encoded, const float* noise, int samples, float* levels) {
  Chains chains;
  chains.samples = samples;
  const int width = network.channels * market.types;
  const int chain_size = network.steps * width;
  for (int s = 0; s < samples; ++s) {
    for (int i = 0; i < width; ++i) {
      chains.x[s][i] = noise[s * chain_size + i];
      chains.x0[s][i] = 0.0F;
    }
  }
  for (int step = 0; step < network.steps; ++step) {
    PredictLevels(network, market, propose, encoded, step, chains);
    if (step + 1 == network.steps) break;
    const float* weights = network.chain + 3 * step;
    for (int s = 0; s < samples; ++s) {
      const float* fresh = noise + s * chain_size + (step + 1) * width;
      for (int i = 0; i < width; ++i) {
        chains.x[s][i] = weights[0] * chains.x0[s][i] + weights[1] * chains.x[s][i] + weights[2] * fresh[i];
      }
    }
  }
  for (int s = 0; s < samples; ++s) {
    for (int i = 0; i < width; ++i) levels[s * width + i] = chains.x0[s][i];
  }
}

// `prepare` writes the features of the market, type by type [features][kFusedTypes] and
// globals, and returns what proposals are asked of.
template <typename Prepare, typename Propose>
void Forward(const FusedNetwork& network, const contract::PackedMarket& market, const Prepare& prepare,
             const Propose& propose, const float* noise, int samples, float* levels) {
  alignas(64) float encoded[kFusedTypes * kFusedHidden];
  float type_features[kFusedFeatures * kFusedTypes];
  float global_features[kFusedFeatures];
  const auto prepared = prepare(market, type_features, global_features);
  const auto propose_here = [&](const float* noisy, const float* proposal, float* features) {
    propose(prepared, noisy, proposal, features);
  };
  Encode(network, market, type_features, global_features, encoded);
  const int fitting = kChunkRows / market.types;
  const int chunk = fitting < kMaxChunk ? fitting : kMaxChunk;
  const int width = network.channels * market.types;
  for (int done = 0; done < samples; done += chunk) {
    const int count = samples - done < chunk ? samples - done : chunk;
    RunChains(network, market, propose_here, encoded, noise + done * network.steps * width, count,
              levels + done * width);
  }
}

}  // namespace

void GIOT_FUSED_FORWARD(const FusedNetwork& network, const contract::PackedMarket& market, const float* noise,
                        int samples, float* levels) {
  switch (network.family) {
    case FusedFamily::kScreening:
      return Forward(network, market, fused_screening::Prepare, fused_screening::Propose, noise, samples, levels);
    case FusedFamily::kUncertain:
      return Forward(network, market, fused_uncertain::Prepare, fused_uncertain::Propose, noise, samples, levels);
    case FusedFamily::kFreshness:
      return Forward(network, market, fused_freshness::Prepare, fused_freshness::Propose, noise, samples, levels);
  }
}

}  // namespace giot::bundle
