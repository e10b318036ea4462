#pragma once

// Plain data and C-like functions only: fused_kernel.cc is compiled once for each
// instruction set, and an inline function of the standard library or abseil
// emitted there might be the copy that the linker keeps for every CPU.

namespace giot::bundle {

inline constexpr int kFusedTypes = 16;       // Types of a market, at most.
inline constexpr int kFusedHidden = 128;     // H at most,
inline constexpr int kFusedHiddenUnit = 32;  // and a multiple of this.
inline constexpr int kFusedTypeFeatures = 7;
inline constexpr int kFusedGlobalFeatures = 8;
inline constexpr int kFusedProposalFeatures = 7;
inline constexpr double kFusedNeighbourhood = 0.05;  // screening::kNeighbourhood

// The weights of policy::DiffusionPolicy. Matrices are [inputs][H], so that one
// input meets consecutive outputs.
struct FusedNetwork {
  int hidden;
  int steps;
  const float* type_in;         // [kFusedTypeFeatures][H]
  const float* type_in_bias;    // [H]
  const float* global_in;       // [kFusedGlobalFeatures][H]
  const float* mix;             // [H][H]
  const float* mix_bias;        // [H]
  const float* mix_pool;        // [2H][H]
  const float* encode;          // [H][H]
  const float* encode_pool;     // [2H][H]
  const float* proposal_in;     // [kFusedProposalFeatures][H]
  const float* step_embedding;  // [steps][H]
  const float* head;            // [H][H]
  const float* head_bias;       // [H]
  const float* head_pool;       // [2H][H]
  const float* out;             // [H]
  const float* out_bias;        // [1]
  const float* chain;           // [steps][3]: weights of x0, x and noise
};

// A normalised market as screening::PackMarkets packs it.
struct FusedMarket {
  int types;
  float cost_types[kFusedTypes];     // 1 on padding.
  float probabilities[kFusedTypes];  // 0 on padding.
  float value_scale;
  float value_rate;
  float cost_curvature;
  float quality_min;
  float quality_max;
  float has_budget;  // 0 or 1.
  float budget;      // 0 without one.
};

// Runs `samples` chains: `noise` [samples, steps, types], `levels` (out)
// [samples, types].
using FusedForward = void(const FusedNetwork& network, const FusedMarket& market, const float* noise, int samples,
                          float* levels);

FusedForward FusedForwardPlain;
#if defined(__x86_64__)
FusedForward FusedForwardAvx2;
FusedForward FusedForwardAvx512;
#endif

}  // namespace giot::bundle
