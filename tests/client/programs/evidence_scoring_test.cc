#include "client/programs/evidence_scoring.h"

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "server/ledger/proof/settlement_statement.h"
#include "server/ledger/proof/transaction.h"
#include "tests/server/quality/test_quality_model.h"

namespace giot::client {
namespace {

constexpr std::int64_t kNowUs = 1'700'000'000'000'000;
const ledger::Digest kTask = ledger::Sha256({"task"});
const ledger::PublicKey kVehicle = ledger::Sha256({"vehicle"});
const ledger::Digest kSalt = ledger::Sha256({"salt"});
const ledger::Digest kModel = ledger::Sha256({"model"});

std::string Image() {
  cv::Mat image(720, 1280, CV_8UC3);
  cv::RNG random(1);
  random.fill(image, cv::RNG::UNIFORM, 0, 256);
  std::vector<unsigned char> bytes;
  cv::imencode(".jpg", image, bytes);
  return {bytes.begin(), bytes.end()};
}

// A delivery as the operator keeps it, which it scored with the indifferent model: .8, at least .7.
v1::DeliveryEvidence SomeEvidence() {
  v1::DeliveryEvidence evidence;
  evidence.set_task(std::string(ledger::BytesOf(kTask)));
  evidence.set_vehicle(std::string(ledger::BytesOf(kVehicle)));
  evidence.set_data_salt(std::string(ledger::BytesOf(kSalt)));
  evidence.mutable_data()->set_image(Image());
  evidence.mutable_data()->mutable_capture()->set_source_id(ledger::HexOf(ledger::BytesOf(kVehicle)));
  evidence.mutable_data()->mutable_capture()->set_captured_at_us(kNowUs);
  evidence.mutable_score()->set_quality(0.8);
  evidence.mutable_score()->set_nonce("the operator's nonce");
  evidence.mutable_score()->set_received_at_us(kNowUs);
  return evidence;
}

ledger::Acceptance AcceptanceOf(const v1::DeliveryEvidence& evidence) {
  ledger::Acceptance acceptance;
  acceptance.data = ledger::DataDigest(kSalt, evidence.data().image());
  acceptance.evidence = ledger::Sha256({ledger::CanonicalBytes(evidence)});
  return acceptance;
}

ledger::TaskTerms Terms() {
  ledger::TaskTerms terms;
  terms.delta = 130'000;
  terms.allowance = 20'000;
  terms.scorer = kModel;
  return terms;
}

quality::QualityModel Model() {
  quality::QualityModel model = quality::IndifferentModel();
  model.digest = ledger::HexOf(ledger::BytesOf(kModel));
  return model;
}

TEST(CheckEvidenceTest, AcceptsWhatTheLedgerHas) {
  const v1::DeliveryEvidence evidence = SomeEvidence();
  EXPECT_TRUE(CheckEvidence(evidence, kTask, kVehicle, AcceptanceOf(evidence)).ok());
}

TEST(CheckEvidenceTest, AcceptsWhatIsNotScoredYet) {
  const v1::DeliveryEvidence evidence = SomeEvidence();
  ledger::Acceptance acceptance = AcceptanceOf(evidence);
  acceptance.evidence = {};
  EXPECT_TRUE(CheckEvidence(evidence, kTask, kVehicle, acceptance).ok());
}

TEST(CheckEvidenceTest, RefusesWhatIsNot) {
  const v1::DeliveryEvidence evidence = SomeEvidence();
  const ledger::Acceptance acceptance = AcceptanceOf(evidence);
  const auto code = [&](const v1::DeliveryEvidence& changed, const ledger::Acceptance& against) {
    return CheckEvidence(changed, kTask, kVehicle, against).code();
  };
  v1::DeliveryEvidence other_nonce = evidence;
  other_nonce.mutable_score()->set_nonce("a luckier one");
  EXPECT_EQ(code(other_nonce, acceptance), absl::StatusCode::kDataLoss);
  v1::DeliveryEvidence other_image = evidence;
  other_image.mutable_data()->mutable_image()->back() ^= 1;
  EXPECT_EQ(code(other_image, AcceptanceOf(evidence)), absl::StatusCode::kDataLoss);
  // The operator's own digest fits, the vehicle's does not.
  ledger::Acceptance forged = AcceptanceOf(other_image);
  forged.data = acceptance.data;
  EXPECT_EQ(code(other_image, forged), absl::StatusCode::kDataLoss);
  EXPECT_EQ(CheckEvidence(evidence, kVehicle, kVehicle, acceptance).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(CheckEvidence(evidence, kTask, kTask, acceptance).code(), absl::StatusCode::kDataLoss);
}

TEST(ScoreEvidenceTest, ScoresAsTheOperatorMustHave) {
  const auto judgement = ScoreEvidence(SomeEvidence(), {}, Terms(), Model());
  ASSERT_TRUE(judgement.ok()) << judgement.status();
  EXPECT_NEAR(judgement->score.quality(), 0.8, 1e-6);
  EXPECT_EQ(judgement->score.nonce(), "the operator's nonce");
  // min(.7 + .13, .8 + .02).
  EXPECT_NEAR(judgement->payable_micros, 820'000, 1);
  EXPECT_FALSE(judgement->follows_operator);
}

TEST(ScoreEvidenceTest, HoldsTheImageToTheTasksRequirements) {
  v1::SensingRequirements twice;
  twice.set_width(2 * 1280);
  twice.set_height(2 * 720);
  EXPECT_NEAR(ScoreEvidence(SomeEvidence(), twice, Terms(), Model())->score.quality(), 0.4, 1e-6);
}

TEST(ScoreEvidenceTest, ReckonsAgeFromWhenItArrived) {
  v1::DeliveryEvidence late = SomeEvidence();
  late.mutable_score()->set_received_at_us(kNowUs + 6'000'000);
  // exp(-(6 - 1) / 5).
  EXPECT_NEAR(ScoreEvidence(late, {}, Terms(), Model())->score.factors().freshness(), 0.367879, 1e-6);
}

TEST(ScoreEvidenceTest, FollowsTheOperatorWhereOneDeliveryShowsNothing) {
  for (const v1::SensingFlag flag : {v1::SENSING_FLAG_REPLAY, v1::SENSING_FLAG_FROZEN}) {
    v1::DeliveryEvidence evidence = SomeEvidence();
    evidence.mutable_score()->add_flags(flag);
    const auto judgement = ScoreEvidence(evidence, {}, Terms(), Model());
    EXPECT_TRUE(judgement->follows_operator);
    EXPECT_EQ(judgement->payable_micros, 0);
  }
}

TEST(ScoreEvidenceTest, SeesDamageItself) {
  v1::DeliveryEvidence evidence = SomeEvidence();
  evidence.mutable_data()->mutable_capture()->set_sha256(std::string(32, 'x'));
  EXPECT_EQ(ScoreEvidence(evidence, {}, Terms(), Model())->payable_micros, 0);
}

TEST(ScoreEvidenceTest, WantsTheTasksModel) {
  quality::QualityModel other = Model();
  other.digest = "another";
  EXPECT_EQ(ScoreEvidence(SomeEvidence(), {}, Terms(), other).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(ScoreEvidenceTest, CannotJudgeAReport) {
  v1::DeliveryEvidence evidence = SomeEvidence();
  evidence.mutable_data()->mutable_telemetry()->set_speed(1.0);
  EXPECT_EQ(ScoreEvidence(evidence, {}, Terms(), Model()).status().code(), absl::StatusCode::kUnimplemented);
}

}  // namespace
}  // namespace giot::client
