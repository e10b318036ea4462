#include "server/settlement/evidence_access.h"

#include <string>

#include "gtest/gtest.h"
#include "server/ledger/proof/settlement_statement.h"
#include "server/ledger/proof/transaction.h"
#include "server/settlement/delivery_evidence.h"
#include "tests/server/settlement/test_market.h"

namespace giot::settlement {
namespace {

using absl::StatusCode;

std::string TestName() { return testing::UnitTest::GetInstance()->current_test_info()->name(); }

v1::FetchEvidenceRequest Asking(const TestMarket& market, const ledger::TaskId& task, std::string_view auditor) {
  const ledger::PublicKey& vehicle = ledger::PublicNamed("car");
  v1::FetchEvidenceRequest request;
  request.set_task(std::string(ledger::BytesOf(task)));
  request.set_vehicle(std::string(ledger::BytesOf(vehicle)));
  request.set_auditor(std::string(ledger::BytesOf(ledger::PublicNamed(auditor))));
  request.set_time_us(market.now());
  const std::string statement = ledger::FetchStatement(ledger::kTestChain, task, vehicle, market.now());
  request.set_signature(std::string(ledger::BytesOf(ledger::KeyNamed(auditor).Sign(statement))));
  return request;
}

StatusCode Answer(TestMarket& market, const v1::FetchEvidenceRequest& request) {
  return market.settlement().evidence_access().Fetch(request).status().code();
}

// What "car" submitted, item 1, and falls short.
struct Disputable {
  Disputable() : market(TestName()), task(market.Publish()) {
    market.opinion().lower = 0.1;
    market.Submitted(task, "car", 1);
    market.Settle();
  }

  TestMarket market;
  ledger::TaskId task;
};

TEST(EvidenceAccessTest, AnAuditorGetsWhatTheLedgerHasTheDigestOf) {
  Disputable disputable;
  const auto evidence =
      disputable.market.settlement().evidence_access().Fetch(Asking(disputable.market, disputable.task, "auditor 2"));
  ASSERT_TRUE(evidence.ok()) << evidence.status();
  EXPECT_EQ(evidence->data().image(), "picture of car");
  EXPECT_EQ(evidence->data().requirements().width(), 640);
  EXPECT_EQ(evidence->score().quality_lower(), 0.1);
  EXPECT_EQ(evidence->salt().size(), 32U);
  const ledger::Acceptance acceptance = disputable.market.AcceptanceOf(disputable.task, "car");
  EXPECT_EQ(ledger::Sha256({ledger::CanonicalBytes(*evidence)}), acceptance.evidence);
  EXPECT_EQ(DataDigestOf(*evidence), acceptance.data);
}

TEST(EvidenceAccessTest, NobodyElseDoes) {
  Disputable disputable;
  for (const char* other : {"car", "bus", "operator", "mint", "checkpoint", "stranger"}) {
    EXPECT_EQ(Answer(disputable.market, Asking(disputable.market, disputable.task, other)),
              StatusCode::kPermissionDenied)
        << other;
  }
}

TEST(EvidenceAccessTest, AnAuditorWhoWasReplacedDoesNoMore) {
  Disputable disputable;
  ledger::Account first{};  // An auditor's account is its index, then zeros.
  ASSERT_EQ(disputable.market.Do("auditor 0",
                                 ledger::RotateBody(ledger::v1::KEY_ROLE_AUDITOR, "auditor 0", "auditor 3", first)),
            ledger::v1::CODE_OK);
  EXPECT_EQ(Answer(disputable.market, Asking(disputable.market, disputable.task, "auditor 0")),
            StatusCode::kPermissionDenied);
  EXPECT_EQ(Answer(disputable.market, Asking(disputable.market, disputable.task, "auditor 3")), StatusCode::kOk);
}

TEST(EvidenceAccessTest, ASignatureOfSomethingElseIsRefused) {
  Disputable disputable;
  v1::FetchEvidenceRequest request = Asking(disputable.market, disputable.task, "auditor 0");
  request.set_time_us(request.time_us() + 1);
  EXPECT_EQ(Answer(disputable.market, request), StatusCode::kInvalidArgument);
  request = Asking(disputable.market, disputable.task, "auditor 0");
  request.set_auditor(std::string(ledger::BytesOf(ledger::PublicNamed("auditor 1"))));
  EXPECT_EQ(Answer(disputable.market, request), StatusCode::kInvalidArgument);
  request.set_signature("short");
  EXPECT_EQ(Answer(disputable.market, request), StatusCode::kInvalidArgument);
}

TEST(EvidenceAccessTest, AnOldRequestIsWorthNothing) {
  Disputable disputable;
  const v1::FetchEvidenceRequest request = Asking(disputable.market, disputable.task, "auditor 0");
  disputable.market.Wait(EvidenceAccess::kMostClockDifferenceUs);
  EXPECT_EQ(Answer(disputable.market, request), StatusCode::kOk);
  disputable.market.Wait(1);
  EXPECT_EQ(Answer(disputable.market, request), StatusCode::kInvalidArgument);
}

TEST(EvidenceAccessTest, OfWhatIsFinalOrWasNeverDeliveredThereIsNone) {
  Disputable disputable;
  TestMarket& market = disputable.market;
  EXPECT_EQ(Answer(market, Asking(market, ledger::TaskId{}, "auditor 0")), StatusCode::kNotFound);
  market.Wait(20 * kSecond + 1);
  // Refused by the clock, the file not yet erased.
  ASSERT_EQ(market.Do("bus", ledger::SettleBody(disputable.task, "car")), ledger::v1::CODE_OK);
  EXPECT_TRUE(market.HasEvidence(disputable.task, "car"));
  EXPECT_EQ(Answer(market, Asking(market, disputable.task, "auditor 0")), StatusCode::kNotFound);
}

}  // namespace
}  // namespace giot::settlement
