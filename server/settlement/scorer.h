#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "giot/v1/sensing_quality.pb.h"
#include "server/ledger/proof/digest.h"

namespace giot::settlement {

// What scores deliveries: the seam to the quality service. Its functions are thread-safe.
struct Scorer {
  // OK while the answer is still wanted.
  using Wanted = std::function<absl::Status()>;
  using Done = std::function<void(absl::StatusOr<v1::SensingQualityScore>)>;

  ledger::Digest model{};             // SHA-256 of the bundle's manifest.
  ledger::Digest nonce_commitment{};  // SHA-256 of the secret that nonces are made of.
  std::int32_t margin_micros = 0;     // By which lower bounds lie below scores, 1e-6.

  // SHA-256 of the data. InvalidArgument naming the field that is missing or out of range.
  std::function<absl::StatusOr<ledger::Digest>(const v1::ScoreSensingQualityRequest& request)> digest;
  // With defaults filled in. InvalidArgument naming the field.
  std::function<absl::StatusOr<v1::SensingRequirements>(const v1::SensingRequirements& requirements)> fill_in;
  // Calls `done` once, before it returns or later on any thread. The request must live until then. A request with the
  // submission_id, requirements, capture and data of an earlier one gets the first score; nothing that was sent to
  // ScoreSensingQuality has any influence. Errors are those of ScoreSensingQuality.
  std::function<void(const v1::ScoreSensingQualityRequest& request, Wanted wanted, Done done)> score;
};

}  // namespace giot::settlement
