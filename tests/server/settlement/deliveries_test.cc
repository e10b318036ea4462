#include "server/settlement/deliveries.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/ledger/proof/settlement_statement.h"
#include "server/ledger/proof/statement.h"
#include "tests/server/settlement/test_market.h"

namespace giot::settlement {
namespace {

using absl::StatusCode;
using testing::HasSubstr;
using testing::StartsWith;

std::string TestName() { return testing::UnitTest::GetInstance()->current_test_info()->name(); }
std::string Message(const absl::Status& status) { return std::string(status.message()); }

// A task that "car" accepted, item 1.
struct Accepted {
  explicit Accepted(const TestMarket::Options& options = {}) : market(TestName(), options), task(market.Publish()) {
    market.Accept(task, "car", 1);
  }
  v1::DeliverDataRequest Delivery(const std::string& data = "a picture") { return market.Delivery(task, "car", data); }

  TestMarket market;
  ledger::TaskId task;
};

bool IsReceipt(const v1::DeliverDataResponse& response, const ledger::TaskId& task, std::string_view vehicle,
               const ledger::Digest& digest, std::string_view operator_name) {
  ledger::Signature signature{};
  if (!ledger::FromBytes(response.receipt_signature(), signature)) return false;
  const std::string statement =
      ledger::ReceiptStatement(ledger::kTestChain, task, ledger::PublicNamed(vehicle), digest, response.received_us());
  return response.data_digest() == ledger::BytesOf(digest) &&
         response.operator_key() == ledger::BytesOf(ledger::PublicNamed(operator_name)) &&
         ledger::Verify(ledger::PublicNamed(operator_name), statement, signature);
}

ledger::Digest DigestOf(const std::string& data) { return ledger::DataDigest(ledger::Sha256({"salt"}), data); }

TEST(DeliveriesTest, ADeliveryIsScoredAndGetsTheOperatorsReceipt) {
  Accepted accepted;
  const auto response = accepted.market.Deliver(accepted.Delivery());
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_TRUE(IsReceipt(*response, accepted.task, "car", DigestOf("a picture"), "operator"));
  EXPECT_EQ(response->received_us(), accepted.market.now());
  EXPECT_EQ(response->score().quality(), 0.9);
  EXPECT_EQ(response->payable_micros(), 930'000);  // Lower bound 0.85 + 0.08; 0.9 + 0.03.
  EXPECT_EQ(accepted.market.Transact("car", TestMarket::SubmitBody(accepted.task, *response)), ledger::v1::CODE_OK);
}

TEST(DeliveriesTest, ARepeatedDeliveryGetsTheFirstReceiptAlsoFromTheNextProcess) {
  Accepted accepted;
  const auto first = accepted.market.Deliver(accepted.Delivery());
  ASSERT_TRUE(first.ok()) << first.status();
  accepted.market.opinion().quality = 0.1;
  for (int process = 0; process < 2; ++process) {
    accepted.market.Wait(kSecond);
    const auto again = accepted.market.Deliver(accepted.Delivery());
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
    accepted.market.Restart();
  }
  EXPECT_EQ(accepted.market.opinion().asked, 1);
}

TEST(DeliveriesTest, OtherDataGetsNoReceiptAlsoNotFromTheNextProcess) {
  Accepted accepted;
  ASSERT_TRUE(accepted.market.Deliver(accepted.Delivery()).ok());
  for (int process = 0; process < 2; ++process) {
    EXPECT_EQ(accepted.market.Deliver(accepted.Delivery("another picture")).status().code(),
              StatusCode::kAlreadyExists);
    accepted.market.Restart();
  }
  EXPECT_EQ(accepted.market.opinion().asked, 1);
}

TEST(DeliveriesTest, OfDeliveriesAtOnceOneAloneGetsAReceipt) {
  Accepted accepted;
  std::vector<absl::StatusOr<v1::DeliverDataResponse>> answers(8, absl::UnknownError("none"));
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    threads.emplace_back(
        [&, i] { answers[i] = accepted.market.Deliver(accepted.Delivery(absl::StrCat("picture ", i))); });
  }
  for (std::thread& thread : threads) thread.join();
  int receipts = 0;
  for (const auto& answer : answers) {
    if (answer.ok()) {
      ++receipts;
    } else {
      EXPECT_TRUE(absl::IsAlreadyExists(answer.status()) || absl::IsAborted(answer.status())) << answer.status();
    }
  }
  EXPECT_EQ(receipts, 1);
}

TEST(DeliveriesTest, WithoutRoomForTheEvidenceThereIsNoReceipt) {
  Accepted accepted({.evidence_bytes = 100});
  EXPECT_EQ(accepted.market.Deliver(accepted.Delivery()).status().code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(accepted.market.opinion().asked, 0) << "what is scored is remembered as seen";
  accepted.market.Restart({});
  EXPECT_TRUE(accepted.market.Deliver(accepted.Delivery("another picture")).ok());
}

TEST(DeliveriesTest, RoomForEvidenceIsGivenBackByWhatCameToNothing) {
  Accepted accepted({.evidence_bytes = 30'000});  // For one delivery at a time.
  accepted.market.opinion().refuses = absl::InvalidArgumentError("image: no picture");
  for (int call = 0; call < 3; ++call) {
    EXPECT_EQ(accepted.market.Deliver(accepted.Delivery()).status().code(), StatusCode::kInvalidArgument);
  }
  accepted.market.opinion().refuses = absl::OkStatus();
  EXPECT_TRUE(accepted.market.Deliver(accepted.Delivery()).ok());
  accepted.market.Accept(accepted.task, "bus", 0);
  EXPECT_TRUE(accepted.market.Deliver(accepted.market.Delivery(accepted.task, "bus", "a picture")).ok())
      << "what is kept takes only its own room";
}

TEST(DeliveriesTest, AScoreByOtherRequirementsThanTheTasksIsNeitherKeptNorSigned) {
  Accepted accepted;
  accepted.market.opinion().width = 1;
  const auto response = accepted.market.Deliver(accepted.Delivery());
  EXPECT_EQ(response.status().code(), StatusCode::kInternal);
  EXPECT_THAT(Message(response.status()), HasSubstr("got 1 x 720"));
  EXPECT_FALSE(accepted.market.HasEvidence(accepted.task, "car"));
}

TEST(DeliveriesTest, AnEvidenceThatIsDamagedIsNeverReplaced) {
  Accepted accepted;
  ASSERT_TRUE(accepted.market.Deliver(accepted.Delivery()).ok());
  for (const auto& file : std::filesystem::directory_iterator(accepted.market.folder() / "evidence")) {
    if (file.path().filename() != "key-id") std::ofstream(file.path(), std::ios::trunc) << "damaged";
  }
  EXPECT_EQ(accepted.market.Deliver(accepted.Delivery("another picture")).status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(accepted.market.Deliver(accepted.Delivery()).status().code(), StatusCode::kDataLoss);
}

TEST(DeliveriesTest, WhatTheScorerRefusesIsNotKeptAndMayBeDeliveredBetter) {
  Accepted accepted;
  accepted.market.opinion().refuses = absl::InvalidArgumentError("image: got 3 bytes, want a picture");
  const auto refused = accepted.market.Deliver(accepted.Delivery());
  EXPECT_EQ(refused.status().code(), StatusCode::kInvalidArgument);
  EXPECT_THAT(Message(refused.status()), StartsWith("data.image"));
  accepted.market.opinion().refuses = absl::OkStatus();
  EXPECT_TRUE(accepted.market.Deliver(accepted.Delivery("another picture")).ok());
}

struct BadField {
  std::string field;
  std::function<void(v1::DeliverDataRequest&)> damage;
};

TEST(DeliveriesTest, ABadFieldIsNamedAndNothingIsKept) {
  Accepted accepted;
  const std::string stranger(32, 'x');
  const std::vector<BadField> cases = {
      {"task", [](auto& r) { r.clear_task(); }},
      {"vehicle", [](auto& r) { r.set_vehicle("short"); }},
      {"salt", [](auto& r) { r.set_salt(std::string(33, 's')); }},
      {"signature", [](auto& r) { r.clear_signature(); }},
      {"signature", [](auto& r) { (*r.mutable_signature())[5] ^= 1; }},
      {"signature", [](auto& r) { (*r.mutable_salt())[5] ^= 1; }},
      {"signature", [](auto& r) { r.mutable_data()->set_image("not what was signed"); }},
      {"data.data", [](auto& r) { r.mutable_data()->clear_image(); }},
      {"data.reference_image", [](auto& r) { r.mutable_data()->set_reference_image("a better one"); }},
      {"data.heat_map", [](auto& r) { r.mutable_data()->set_heat_map(true); }},
      {"data.capture.source_id", [](auto& r) { r.mutable_data()->mutable_capture()->set_source_id("car"); }},
      {"data.capture.public_key", [](auto& r) { r.mutable_data()->mutable_capture()->clear_public_key(); }},
      {"data.capture.public_key", [&](auto& r) { r.mutable_data()->mutable_capture()->set_public_key(stranger); }},
      {"data.requirements", [](auto& r) { r.mutable_data()->mutable_requirements()->set_width(1); }},
  };
  for (const BadField& bad : cases) {
    v1::DeliverDataRequest request = accepted.Delivery();
    bad.damage(request);
    const auto response = accepted.market.Deliver(request);
    EXPECT_EQ(response.status().code(), StatusCode::kInvalidArgument) << bad.field;
    EXPECT_THAT(Message(response.status()), StartsWith(bad.field));
  }
  EXPECT_EQ(accepted.market.opinion().asked, 0);
  EXPECT_FALSE(accepted.market.HasEvidence(accepted.task, "car"));
}

TEST(DeliveriesTest, WhoeverDidNotAcceptDeliversNothing) {
  Accepted accepted;
  EXPECT_EQ(accepted.market.Deliver(accepted.market.Delivery(accepted.task, "bus", "a picture")).status().code(),
            StatusCode::kNotFound);
  EXPECT_EQ(accepted.market.Deliver(accepted.market.Delivery(ledger::TaskId{}, "car", "a picture")).status().code(),
            StatusCode::kNotFound);
}

TEST(DeliveriesTest, AfterItsTimeNothingIsTakenInButARepeatedCallHasItsFirstAnswer) {
  Accepted accepted;
  accepted.market.Accept(accepted.task, "bus", 0);
  accepted.market.Wait(200 * kSecond);
  EXPECT_TRUE(accepted.market.Deliver(accepted.Delivery()).ok()) << "the last moment counts";
  accepted.market.Wait(1);
  EXPECT_EQ(accepted.market.Deliver(accepted.market.Delivery(accepted.task, "bus", "a picture")).status().code(),
            StatusCode::kFailedPrecondition);
  EXPECT_TRUE(accepted.market.Deliver(accepted.Delivery()).ok());
}

TEST(DeliveriesTest, WhatAuditorsVouchedForIsTakenInLaterAndNothingElse) {
  Accepted accepted;
  TestMarket& market = accepted.market;
  // What the salted digest is the SHA-256 of.
  const std::string vouched = std::string(ledger::BytesOf(ledger::Sha256({"salt"}))) +
                              std::string(ledger::BytesOf(ledger::Sha256({"a picture"})));
  const ledger::v1::Body body = ledger::AvailableBody(accepted.task, "car", vouched, {"auditor 0", "auditor 1"});
  ASSERT_EQ(market.Do("car", body), ledger::v1::CODE_OK);
  EXPECT_EQ(market.Deliver(accepted.Delivery("another picture")).status().code(), StatusCode::kAlreadyExists);
  market.Wait(250 * kSecond);  // Until it has to be scored.
  ASSERT_TRUE(market.Deliver(accepted.Delivery()).ok());
  market.Settle();
  EXPECT_EQ(market.AcceptanceOf(accepted.task, "car").status, ledger::AcceptanceStatus::kPaid);
  EXPECT_EQ(market.BondOf("operator"), 1'000);
}

TEST(DeliveriesTest, WhatIsScoredAlreadyCannotBeDeliveredAnew) {
  Accepted accepted;
  const auto first = accepted.market.Deliver(accepted.Delivery());
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(accepted.market.Transact("car", TestMarket::SubmitBody(accepted.task, *first)), ledger::v1::CODE_OK);
  accepted.market.Settle();
  accepted.market.Settle();
  ASSERT_FALSE(accepted.market.HasEvidence(accepted.task, "car"));
  EXPECT_EQ(accepted.market.Deliver(accepted.Delivery("another picture")).status().code(),
            StatusCode::kFailedPrecondition);
}

TEST(DeliveriesTest, ATaskThatWasPromisedAnotherScorerGetsNoReceipt) {
  Accepted accepted;
  accepted.market.Restart({.model = "a newer one"});
  const auto response = accepted.market.Deliver(accepted.Delivery());
  EXPECT_EQ(response.status().code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(Message(response.status()), HasSubstr(ledger::HexOf(ledger::BytesOf(ledger::Sha256({"scorer"})))));
}

TEST(DeliveriesTest, ATaskOfWhichThisServerHasNoDescriptionGetsNoReceipt) {
  Accepted accepted;
  const ledger::v1::Body body = ledger::PublishBody(accepted.market.now());
  ASSERT_EQ(accepted.market.Do("operator", body), ledger::v1::CODE_OK);
  const auto entries = accepted.market.driver().Scan("t", "t", 10);
  ASSERT_EQ(entries->size(), 2U);
  for (const auto& [key, value] : *entries) {
    ledger::TaskId task{};
    ledger::FromBytes(std::string_view(key).substr(1), task);
    if (task == accepted.task) continue;
    ASSERT_EQ(accepted.market.Do("bus", ledger::AcceptBody(task, 1, body.publish_task())), ledger::v1::CODE_OK);
    const auto response = accepted.market.Deliver(accepted.market.Delivery(task, "bus", "a picture"));
    EXPECT_EQ(response.status().code(), StatusCode::kFailedPrecondition);
    EXPECT_THAT(Message(response.status()), HasSubstr("description"));
  }
}

TEST(DeliveriesTest, AReceiptOfAReplacedKeyIsSignedAnewByItsSuccessor) {
  Accepted accepted;
  const auto first = accepted.market.Deliver(accepted.Delivery());
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(accepted.market.Do("operator", ledger::RotateBody(ledger::v1::KEY_ROLE_OPERATOR, "operator", "operator 2",
                                                              ledger::PublicNamed("operator"))),
            ledger::v1::CODE_OK);
  EXPECT_EQ(accepted.market.Deliver(accepted.Delivery()).status().code(), StatusCode::kFailedPrecondition);
  accepted.market.Restart({.operator_name = "operator 2"});
  const auto second = accepted.market.Deliver(accepted.Delivery());
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE(IsReceipt(*second, accepted.task, "car", DigestOf("a picture"), "operator 2"));
  EXPECT_EQ(second->received_us(), first->received_us());
  EXPECT_EQ(accepted.market.Transact("car", TestMarket::SubmitBody(accepted.task, *second)), ledger::v1::CODE_OK);
}

TEST(DeliveriesTest, AnotherOperatorsServerTakesNothingIn) {
  Accepted accepted;
  TestMarket& market = accepted.market;
  ASSERT_EQ(market.Do("mint", ledger::DepositBody("rival", 10'000)), ledger::v1::CODE_OK);
  ASSERT_EQ(market.Do("rival", ledger::RegisterBody("rival", "rival's checkpoint", 1'000)), ledger::v1::CODE_OK);
  market.Restart({.operator_name = "rival"});
  const auto response = market.Deliver(accepted.Delivery());
  EXPECT_EQ(response.status().code(), StatusCode::kFailedPrecondition);
  EXPECT_THAT(Message(response.status()), HasSubstr(ledger::HexOf(ledger::BytesOf(ledger::PublicNamed("rival")))));
}

}  // namespace
}  // namespace giot::settlement
