#include "client/server_scoring.h"

#include "absl/status/status.h"

namespace giot::client {
namespace {

bool MayBeRepeated(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status);
}

}  // namespace

ServerScoring::ServerScoring(SensingClient& client, std::optional<absl::Duration> stream_lifetime) : client_(client) {
  if (stream_lifetime) stream_.emplace(client.OpenStream(*stream_lifetime, kMostBegun));
}

void ServerScoring::Begin(const v1::ScoreSensingQualityRequest& request) {
  if (stream_ && stream_->Send(0, request).ok()) sent_.push_back(&request);
}

absl::StatusOr<v1::SensingQualityScore> ServerScoring::Finish(const v1::ScoreSensingQualityRequest& request) {
  if (sent_.empty() || sent_.front() != &request) return client_.ScoreSensingQuality(request);
  sent_.pop_front();
  absl::StatusOr<SensingStream::Reply> reply = stream_->Receive();
  if (reply.ok() && !MayBeRepeated(reply->result.status())) return reply->result;
  return client_.ScoreSensingQuality(request);
}

}  // namespace giot::client
