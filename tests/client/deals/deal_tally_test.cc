#include "client/deals/deal_tally.h"

#include "gtest/gtest.h"

namespace giot::client {
namespace {

using ledger::AcceptanceStatus;

// Agreed on 0.5 for 3 money, of whose 0.2 the task locked 0.1; delivered and was paid.
DealResult Paid() {
  return {.conduct = Conduct::kHonest,
          .agreed = 500'000,
          .reward = 3'000'000,
          .funded = 200'000,
          .deposit = 100'000,
          .payable = 500'000,
          .disputed = false,
          .status = AcceptanceStatus::kPaid,
          .balance = 3'200'000};
}

DealResult Refused() {
  DealResult result = Paid();
  result.conduct = Conduct::kGrain;
  result.payable = 499'999;
  result.status = AcceptanceStatus::kRefused;
  result.balance = 200'000;
  return result;
}

DealResult RefusedByAuditors() {
  DealResult result = Refused();
  result.disputed = true;
  result.balance = 100'000;  // The deposit goes to the treasury.
  return result;
}

DealResult Forfeited() {
  DealResult result = Paid();
  result.conduct.reset();
  result.payable.reset();
  result.status = AcceptanceStatus::kForfeited;
  result.balance = 100'000;
  return result;
}

TEST(WhatIsWrongTest, NothingWithWhatTheRulesSay) {
  for (const DealResult& result : {Paid(), Refused(), RefusedByAuditors(), Forfeited()}) {
    EXPECT_EQ(WhatIsWrong(result), "");
  }
}

TEST(WhatIsWrongTest, AnHonestVehicleThatWasNotPaid) {
  for (const auto status : {AcceptanceStatus::kSubmitted, AcceptanceStatus::kBelow, AcceptanceStatus::kRefused,
                            AcceptanceStatus::kForfeited}) {
    DealResult result = Paid();
    result.status = status;
    EXPECT_NE(WhatIsWrong(result), "");
  }
}

TEST(WhatIsWrongTest, ACheatThatWasPaid) {
  DealResult result = Refused();
  result.status = AcceptanceStatus::kPaid;
  result.balance = 3'200'000;
  EXPECT_NE(WhatIsWrong(result), "");
}

TEST(WhatIsWrongTest, WhoDeliveredNothingAndWasPaidOrRefused) {
  for (const auto status : {AcceptanceStatus::kAccepted, AcceptanceStatus::kPaid, AcceptanceStatus::kRefused}) {
    DealResult result = Forfeited();
    result.status = status;
    EXPECT_NE(WhatIsWrong(result), "");
  }
}

TEST(WhatIsWrongTest, AuditorsMayPayWithinTheirToleranceOnly) {
  DealResult result = RefusedByAuditors();
  result.status = AcceptanceStatus::kPaid;
  result.balance = 3'200'000;
  result.payable = 495'000;
  EXPECT_EQ(WhatIsWrong(result), "");
  result.payable = 494'999;
  EXPECT_NE(WhatIsWrong(result), "");
}

TEST(WhatIsWrongTest, AMicroUnitTooMuchOrTooLittle) {
  for (const DealResult& right : {Paid(), Refused(), RefusedByAuditors(), Forfeited()}) {
    for (const int difference : {-1, 1}) {
      DealResult result = right;
      result.balance += difference;
      EXPECT_NE(WhatIsWrong(result), "");
    }
  }
}

TEST(ConservesTest, EveryPartCounts) {
  const ledger::Chain chain = {
      .minted = 21, .withdrawn = 6, .balances = 5, .escrow = 4, .reserves = 3, .deposits = 2, .bonds = 1};
  EXPECT_TRUE(Conserves(chain));
  for (const auto part :
       {&ledger::Chain::minted, &ledger::Chain::withdrawn, &ledger::Chain::balances, &ledger::Chain::escrow,
        &ledger::Chain::reserves, &ledger::Chain::deposits, &ledger::Chain::bonds}) {
    ledger::Chain other = chain;
    ++(other.*part);
    EXPECT_FALSE(Conserves(other));
  }
}

TEST(DealTallyTest, AddsUpVehiclesAndMoney) {
  DealTally tally;
  DealResult damaged = Forfeited();
  damaged.conduct = Conduct::kCorrupt;
  for (const DealResult& result : {Paid(), Paid(), Refused(), RefusedByAuditors(), Forfeited(), damaged}) {
    tally.Add(result);
  }
  EXPECT_EQ(tally.paid().vehicles, 2);
  EXPECT_EQ(tally.paid().rewards, 6'000'000);
  EXPECT_EQ(tally.paid().lost, 0);
  EXPECT_EQ(tally.refused().vehicles, 1);
  EXPECT_EQ(tally.refused().lost, 0);
  EXPECT_EQ(tally.refused_by_auditors().vehicles, 1);
  EXPECT_EQ(tally.refused_by_auditors().lost, 100'000);
  EXPECT_EQ(tally.forfeited().vehicles, 2);
  EXPECT_EQ(tally.forfeited().lost, 200'000);
  EXPECT_EQ(tally.all().vehicles, 6);
  EXPECT_EQ(tally.all().rewards, 6'000'000);
  EXPECT_EQ(tally.all().lost, 300'000);
  EXPECT_EQ(tally.disputed(), 1);
  EXPECT_EQ(tally.not_taken(), 1);
  EXPECT_EQ(tally.funded_micros(), 1'200'000);
  EXPECT_EQ(tally.balances_micros(), 6'900'000);  // 1.2 + 6 - 0.3
  EXPECT_TRUE(tally.problems().empty());
}

TEST(DealTallyTest, AVehicleWithoutAnEndIsWrongAndCounted) {
  DealTally tally;
  DealResult waiting = Refused();
  waiting.status = AcceptanceStatus::kBelow;
  tally.Add(waiting);
  EXPECT_EQ(tally.all().vehicles, 1);
  EXPECT_EQ(tally.problems().size(), 1U);
}

TEST(DealTallyTest, KeepsWhatIsWrong) {
  DealTally tally;
  tally.Add(Paid());
  DealResult robbed = Paid();
  robbed.balance = 0;
  tally.Add(robbed);
  EXPECT_EQ(tally.all().vehicles, 2);
  ASSERT_EQ(tally.problems().size(), 1U);
  EXPECT_EQ(tally.problems().front(), WhatIsWrong(robbed));
}

}  // namespace
}  // namespace giot::client
