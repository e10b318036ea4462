#pragma once

#include "models/contract/packed_market.h"

// Plain data and C-like functions only: fused_kernel.cc is compiled once for each
// instruction set, and an inline function of the standard library or abseil
// emitted there might be the copy that the linker keeps for every CPU.

namespace giot::bundle {

inline constexpr int kFusedTypes = contract::kMaxPackedTypes;  // Types of a market, at most.
inline constexpr int kFusedChannels = 3;                       // C at most.
inline constexpr int kFusedHidden = 128;                       // H at most,
inline constexpr int kFusedHiddenUnit = 32;                    // and a multiple of this.
inline constexpr int kFusedFeatures = 20;                      // Of each kind, at most.

// Whose features the network was trained on.
enum class FusedFamily { kScreening, kUncertain, kFreshness };

// The weights of policy::DiffusionPolicy. Matrices are [inputs][H], so that one
// input meets consecutive outputs.
struct FusedNetwork {
  FusedFamily family;
  int hidden;
  int steps;
  int channels;
  int type_features;
  int global_features;
  int proposal_features;
  const float* type_in;         // [type_features][H]
  const float* type_in_bias;    // [H]
  const float* global_in;       // [global_features][H]
  const float* mix;             // [H][H]
  const float* mix_bias;        // [H]
  const float* mix_pool;        // [2H][H]
  const float* encode;          // [H][H]
  const float* encode_pool;     // [2H][H]
  const float* proposal_in;     // [proposal_features][H]
  const float* step_embedding;  // [steps][H]
  const float* head;            // [H][H]
  const float* head_bias;       // [H]
  const float* head_pool;       // [2H][H]
  const float* out;             // [channels][H]
  const float* out_bias;        // [channels]
  const float* chain;           // [steps][3]: weights of x0, x and noise
};

// Runs `samples` chains: `noise` [samples, steps, channels types], `levels` (out)
// [samples, channels types].
using FusedForward = void(const FusedNetwork& network, const contract::PackedMarket& market, const float* noise,
                          int samples, float* levels);

FusedForward FusedForwardPlain;
#if defined(__x86_64__)
FusedForward FusedForwardAvx2;
FusedForward FusedForwardAvx512;
#endif

}  // namespace giot::bundle
