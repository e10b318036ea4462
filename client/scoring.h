#pragma once

#include <cstddef>

#include "absl/status/statusor.h"
#include "giot/v1/sensing_quality.pb.h"

namespace giot::client {

// What scores deliveries: a server, or a model on this machine. Not thread-safe.
class Scoring {
 public:
  // So many requests may have begun and not finished: the next is on its way while one is scored. More
  // would grow old while they wait.
  static constexpr std::size_t kMostBegun = 2;

  virtual ~Scoring() = default;

  // Takes on a request, which must live until it is finished.
  virtual void Begin(const v1::ScoreSensingQualityRequest& request) = 0;

  // The score of the request, which is the one that began first of those not finished.
  virtual absl::StatusOr<v1::SensingQualityScore> Finish(const v1::ScoreSensingQualityRequest& request) = 0;
};

}  // namespace giot::client
