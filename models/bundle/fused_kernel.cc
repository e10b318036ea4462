#include "models/bundle/fused_kernel.h"

#include "models/bundle/fused_dense.h"
#include "models/bundle/fused_features.h"
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
void Pool(const PreparedMarket& market, const float* rows, int hidden, float* pooled) {
  float p[kFusedTypes];
  market.probabilities.StoreTo(p);
  const float share = 1.0F / static_cast<float>(market.types);
  for (int h = 0; h < hidden; h += kLanes) {
    Vec expectation = {};
    Vec sum = {};
    for (int k = 0; k < market.types; ++k) {
      const Vec value = Load(rows + k * hidden + h);
      expectation += value * p[k];
      sum += value;
    }
    Store(pooled + h, expectation);
    Store(pooled + hidden + h, sum * share);
  }
}

// e: [types][hidden].
void Encode(const FusedNetwork& network, const PreparedMarket& market, const float* type_features,
            const float* global_features, float* encoded) {
  alignas(64) float context[kFusedHidden];
  alignas(64) float pooled[2 * kFusedHidden];
  alignas(64) float h1[kFusedTypes * kFusedHidden];
  alignas(64) float h2[kFusedTypes * kFusedHidden];
  alignas(64) const float zero[kFusedHidden] = {};
  const int hidden = network.hidden;
  const int types = market.types;
  Dense<false>(1, {global_features, kFusedGlobalFeatures, 0, 1}, network.global_in, hidden, {network.type_in_bias, 0},
               context);
  Dense<true>(types, {type_features, kFusedTypeFeatures, 1, kFusedTypes}, network.type_in, hidden, {context, 0}, h1);
  Pool(market, h1, hidden, pooled);
  Dense<false>(1, {pooled, 2 * hidden, 0, 1}, network.mix_pool, hidden, {network.mix_bias, 0}, context);
  Dense<true>(types, {h1, hidden, hidden, 1}, network.mix, hidden, {context, 0}, h2);
  Pool(market, h2, hidden, pooled);
  Dense<false>(1, {pooled, 2 * hidden, 0, 1}, network.encode_pool, hidden, {zero, 0}, context);
  Dense<false>(types, {h2, hidden, hidden, 1}, network.encode, hidden, {context, 0}, encoded);
}

// One chunk of samples on its way through the chain.
struct Chains {
  int samples;
  Row x[kMaxChunk];   // Noisy levels.
  Row x0[kMaxChunk];  // The last proposal.
};

Row LoadTypes(const float* from, int types) {
  float values[kFusedTypes] = {};
  for (int k = 0; k < types; ++k) values[k] = from[k];
  return Row::LoadFrom(values);
}

Row OutputLevels(const FusedNetwork& network, int types, const float* hidden_rows) {
  float levels[kFusedTypes] = {};
  for (int k = 0; k < types; ++k) {
    Vec sum = {};
    for (int h = 0; h < network.hidden; h += kLanes) {
      sum += Load(hidden_rows + k * network.hidden + h) * Load(network.out + h);
    }
    levels[k] = Sum(sum) + network.out_bias[0];
  }
  return Clamp(Row::LoadFrom(levels), -1.0F, 1.0F);
}

// The head of one step for all samples: chains.x, chains.x0 -> chains.x0.
void PredictLevels(const FusedNetwork& network, const PreparedMarket& market, const float* encoded, int step,
                   Chains& chains) {
  alignas(64) float base[kFusedTypes * kFusedHidden];  // e_k + a_t
  alignas(64) float u[kChunkRows * kFusedHidden];
  alignas(64) float v[kFusedTypes * kFusedHidden];
  alignas(64) float pooled[kMaxChunk * 2 * kFusedHidden];
  alignas(64) float context[kMaxChunk * kFusedHidden];
  float features[kFusedProposalFeatures * kFusedTypes];
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
    ProposalFeatures(market, chains.x[s], chains.x0[s], features);
    Dense<true>(types, {features, kFusedProposalFeatures, 1, kFusedTypes}, network.proposal_in, hidden, {base, hidden},
                rows);
    Pool(market, rows, hidden, pooled + s * 2 * hidden);
  }
  Dense<false>(chains.samples, {pooled, 2 * hidden, 2 * hidden, 1}, network.head_pool, hidden, {network.head_bias, 0},
               context);
  for (int s = 0; s < chains.samples; ++s) {
    Dense<true>(types, {u + s * types * hidden, hidden, hidden, 1}, network.head, hidden, {context + s * hidden, 0}, v);
    chains.x0[s] = OutputLevels(network, types, v) * market.mask;
  }
}

// noise [samples, steps, types], levels [samples, types].
void RunChains(const FusedNetwork& network, const PreparedMarket& market, const float* encoded, const float* noise,
               int samples, float* levels) {
  Chains chains;
  chains.samples = samples;
  const int types = market.types;
  const int chain_size = network.steps * types;
  for (int s = 0; s < samples; ++s) {
    chains.x[s] = LoadTypes(noise + s * chain_size, types);
    chains.x0[s] = Row::Of(0.0F);
  }
  for (int step = 0; step < network.steps; ++step) {
    PredictLevels(network, market, encoded, step, chains);
    if (step + 1 == network.steps) break;
    const float* weights = network.chain + 3 * step;
    for (int s = 0; s < samples; ++s) {
      const Row fresh = LoadTypes(noise + s * chain_size + (step + 1) * types, types);
      chains.x[s] = chains.x0[s] * weights[0] + chains.x[s] * weights[1] + fresh * weights[2];
    }
  }
  for (int s = 0; s < samples; ++s) {
    float padded[kFusedTypes];
    chains.x0[s].StoreTo(padded);
    for (int k = 0; k < types; ++k) levels[s * types + k] = padded[k];
  }
}

}  // namespace

void GIOT_FUSED_FORWARD(const FusedNetwork& network, const FusedMarket& market, const float* noise, int samples,
                        float* levels) {
  alignas(64) float encoded[kFusedTypes * kFusedHidden];
  float type_features[kFusedTypeFeatures * kFusedTypes];
  float global_features[kFusedGlobalFeatures];
  const PreparedMarket prepared = Prepare(market, type_features, global_features);
  Encode(network, prepared, type_features, global_features, encoded);
  const int fitting = kChunkRows / market.types;
  const int chunk = fitting < kMaxChunk ? fitting : kMaxChunk;
  for (int done = 0; done < samples; done += chunk) {
    const int count = samples - done < chunk ? samples - done : chunk;
    RunChains(network, prepared, encoded, noise + done * network.steps * market.types, count,
              levels + done * market.types);
  }
}

}  // namespace giot::bundle
