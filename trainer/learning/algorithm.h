#pragma once

#include <torch/torch.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "models/policy/diffusion_policy.h"
#include "models/policy/market_batch.h"
#include "trainer/logging/scalars.h"

namespace giot::trainer {

// What the training loop knows of a learning algorithm. One thread at a time.
class Algorithm {
 public:
  virtual ~Algorithm() = default;

  // One step. OutOfRange with a diagnosis if a loss or gradient is not finite; the
  // step then does not count, and the state must not be saved any more. With `want_metrics` false the
  // scalars may be anything; want them only where they are used, since on an
  // accelerator they cost a synchronisation.
  virtual absl::StatusOr<Scalars> Step(bool want_metrics) = 0;

  virtual std::int64_t iteration() const = 0;   // Steps taken.
  virtual std::int64_t iterations() const = 0;  // Steps in all.

  // Levels [B, C K] that what was learned so far gives for `markets`, from Gaussian
  // `noise` [B, noise_steps(), C K], which may be none. Without gradient.
  virtual torch::Tensor Answer(const policy::MarketBatch& markets, const torch::Tensor& noise) const = 0;
  virtual int noise_steps() const = 0;

  // The diffusion policy to evaluate and export; shares its parameters with this
  // object. Null for an algorithm that learns no diffusion policy.
  virtual policy::DiffusionPolicy policy() const = 0;

  // Everything that the coming steps depend on. LoadFrom gives InvalidArgument
  // if the archive is of another configuration or incomplete.
  virtual void SaveTo(torch::serialize::OutputArchive& archive) const = 0;
  virtual absl::Status LoadFrom(torch::serialize::InputArchive& archive) = 0;
};

}  // namespace giot::trainer
