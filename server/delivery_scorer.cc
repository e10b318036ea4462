#include "server/delivery_scorer.h"

#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/ledger/proof/text_encoding.h"
#include "server/ledger/proof/transaction.h"
#include "server/quality/submission.h"
#include "server/rpc/sensing_convert.h"

namespace giot::server {
namespace {

constexpr std::string_view kChannel = "\377delivery ";

// Of two digests in hex, and so longer than any submission_id of the wire.
std::string IdOf(const v1::ScoreSensingQualityRequest& request) {
  const auto digest = [](const google::protobuf::MessageLite& message) {
    return ledger::HexOf(ledger::BytesOf(ledger::Sha256({ledger::CanonicalBytes(message)})));
  };
  return absl::StrCat("delivery ", digest(request.requirements()), " ", digest(request.capture()), " ",
                      request.submission_id());
}

absl::StatusOr<v1::SensingRequirements> FillIn(const scoring::ScoreEngine& engine,
                                               const v1::SensingRequirements& message) {
  const absl::StatusOr<quality::Requirements> requirements = rpc::RequirementsFrom(message);
  if (!requirements.ok()) return requirements.status();
  scoring::Scored scored;  // As a score states them.
  scored.requirements = *requirements;
  v1::SensingQualityScore score;
  rpc::ToProto(scored, engine, score);
  return score.requirements();
}

absl::StatusOr<ledger::Digest> DigestOf(const v1::ScoreSensingQualityRequest& request) {
  const absl::StatusOr<scoring::Submission> submission = rpc::SubmissionFrom(request);
  if (!submission.ok()) return submission.status();
  return scoring::DigestOf(*submission);
}

void Score(scoring::ScoreEngine& engine, const v1::ScoreSensingQualityRequest& request,
           settlement::Scorer::Wanted wanted, settlement::Scorer::Done done) {
  absl::StatusOr<scoring::Submission> submission = rpc::SubmissionFrom(request);
  if (!submission.ok()) return done(submission.status());
  const auto id = std::make_shared<const std::string>(IdOf(request));
  submission->submission_id = *id;
  // Of reports, so that nobody who sends one under a vehicle's name makes its delivery come too late. Images have one
  // history, so that no vehicle finds out beforehand what the nonce makes of which of them: that would be a replay.
  if (request.has_telemetry()) submission->channel = kChannel;
  engine.Score(*submission, std::move(wanted),
               [&engine, id, done = std::move(done)](const absl::StatusOr<scoring::Scored>& scored) {
                 if (!scored.ok()) return done(scored.status());
                 v1::SensingQualityScore score;
                 rpc::ToProto(*scored, engine, score);
                 done(std::move(score));
               });
}

}  // namespace

settlement::Scorer DeliveryScorer(scoring::ScoreEngine& engine) {
  constexpr double kMicro = 1e6;
  settlement::Scorer scorer;
  const std::optional<std::string> model = ledger::FromHex(engine.model().digest);
  if (model) ledger::FromBytes(*model, scorer.model);
  scorer.nonce_commitment = engine.nonce_commitment();
  scorer.margin_micros = static_cast<std::int32_t>(std::llround(engine.model().margin * kMicro));
  scorer.digest = DigestOf;
  scorer.fill_in = [&engine](const v1::SensingRequirements& requirements) { return FillIn(engine, requirements); };
  scorer.score = [&engine](const v1::ScoreSensingQualityRequest& request, settlement::Scorer::Wanted wanted,
                           settlement::Scorer::Done done) {
    Score(engine, request, std::move(wanted), std::move(done));
  };
  return scorer;
}

}  // namespace giot::server
