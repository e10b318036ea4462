#include "server/delivery_scorer.h"

#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "server/ledger/proof/text_encoding.h"
#include "server/quality/submission.h"
#include "server/rpc/sensing_convert.h"

namespace giot::server {
namespace {

absl::StatusOr<ledger::Digest> DigestOf(const v1::ScoreSensingQualityRequest& request) {
  const absl::StatusOr<scoring::Submission> submission = rpc::SubmissionFrom(request);
  if (!submission.ok()) return submission.status();
  return scoring::DigestOf(*submission);
}

void Score(scoring::ScoreEngine& engine, const v1::ScoreSensingQualityRequest& request,
           settlement::Scorer::Wanted wanted, settlement::Scorer::Done done) {
  const absl::StatusOr<scoring::Submission> submission = rpc::SubmissionFrom(request);
  if (!submission.ok()) return done(submission.status());
  engine.Score(*submission, std::move(wanted),
               [&engine, done = std::move(done)](const absl::StatusOr<scoring::Scored>& scored) {
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
  scorer.check = [](const v1::SensingRequirements& requirements) {
    return rpc::RequirementsFrom(requirements).status();
  };
  scorer.score = [&engine](const v1::ScoreSensingQualityRequest& request, settlement::Scorer::Wanted wanted,
                           settlement::Scorer::Done done) {
    Score(engine, request, std::move(wanted), std::move(done));
  };
  return scorer;
}

}  // namespace giot::server
