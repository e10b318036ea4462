#include "client/deals/deal_report.h"

#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace giot::client {
namespace {

using testing::HasSubstr;

// One vehicle paid 3 and one that forfeited 0.1.
DealReport TwoVehicles() {
  DealReport report = {.chain_id = "example.org/road",
                       .tasks = 1,
                       .absentees = 1,
                       .transactions = 5,
                       .log_size = 9,
                       .chain = {.minted = 10, .balances = 10},
                       .tally = {}};
  report.tally.Add({.conduct = Conduct::kHonest,
                    .agreed = 500'000,
                    .reward = 3'000'000,
                    .funded = 200'000,
                    .deposit = 100'000,
                    .payable = 600'000,
                    .status = ledger::AcceptanceStatus::kPaid,
                    .balance = 3'200'000});
  report.tally.Add({.agreed = 500'000,
                    .reward = 3'000'000,
                    .funded = 200'000,
                    .deposit = 100'000,
                    .status = ledger::AcceptanceStatus::kForfeited,
                    .balance = 100'000});
  return report;
}

TEST(DealReportTest, IsRightIfEveryDealIsAndTheMoneyAddsUp) {
  EXPECT_TRUE(IsRight(TwoVehicles()));
  DealReport short_of_money = TwoVehicles();
  --short_of_money.chain.balances;
  EXPECT_FALSE(IsRight(short_of_money));
  DealReport wrong = TwoVehicles();
  wrong.tally.Add({.conduct = Conduct::kReplay, .agreed = 1, .payable = 0, .status = ledger::AcceptanceStatus::kPaid});
  EXPECT_FALSE(IsRight(wrong));
}

TEST(DealReportTest, JsonHasVehiclesAndMoney) {
  const nlohmann::ordered_json json = DealJson(TwoVehicles());
  EXPECT_EQ(json["chain_id"], "example.org/road");
  EXPECT_EQ(json["vehicles"], 2);
  EXPECT_EQ(json["paid"], 1);
  EXPECT_EQ(json["forfeited"], 1);
  EXPECT_EQ(json["refused"], 0);
  EXPECT_EQ(json["paid_money"], 3.0);
  EXPECT_EQ(json["lost_deposits"], 0.1);
  EXPECT_EQ(json["balances"], 3.3);
  EXPECT_EQ(json["transactions"], 5);
  EXPECT_EQ(json["log_size"], 9);
  EXPECT_EQ(json["conservation_holds"], true);
  EXPECT_TRUE(json["problems"].empty());
}

TEST(DealReportTest, PrintsWhatIsWrong) {
  DealReport report = TwoVehicles();
  std::ostringstream right;
  PrintDeals(report, right);
  EXPECT_THAT(right.str(), HasSubstr("3.3000"));
  EXPECT_THAT(right.str(), testing::Not(HasSubstr("WRONG")));
  report.tally.Add({.conduct = Conduct::kReplay, .agreed = 1, .payable = 0, .status = ledger::AcceptanceStatus::kPaid});
  std::ostringstream wrong;
  PrintDeals(report, wrong);
  EXPECT_THAT(wrong.str(), HasSubstr("WRONG"));
}

}  // namespace
}  // namespace giot::client
