#pragma once

#include <deque>
#include <optional>

#include "absl/time/time.h"
#include "client/scoring.h"
#include "client/sensing_client.h"

namespace giot::client {

// Scoring by a server. Several requests go over one stream. What the server has no room for, and what was
// on its way when the stream broke, is asked for again by a call of its own, with retries; so every
// request should have a submission_id.
class ServerScoring final : public Scoring {
 public:
  // `client` outlives it. The stream ends after `stream_lifetime`; without one there is no stream.
  ServerScoring(SensingClient& client, std::optional<absl::Duration> stream_lifetime);

  void Begin(const v1::ScoreSensingQualityRequest& request) override;
  // Errors are those of SensingClient::ScoreSensingQuality.
  absl::StatusOr<v1::SensingQualityScore> Finish(const v1::ScoreSensingQualityRequest& request) override;

 private:
  SensingClient& client_;
  std::optional<SensingStream> stream_;
  std::deque<const v1::ScoreSensingQualityRequest*> sent_;  // On the stream, oldest first.
};

}  // namespace giot::client
