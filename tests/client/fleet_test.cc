#include "client/fleet.h"

#include <atomic>
#include <cstddef>
#include <sstream>

#include "client/fleet_report.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace giot::client {
namespace {

absl::StatusOr<contract::PostedMenu> Optimum(const FleetMarket& market, int) { return PostedOptimum(market.market); }

TEST(DrawFleetTest, SpreadsVehiclesEvenly) {
  const auto fleet = DrawFleet(3, 11, 1);
  ASSERT_EQ(fleet.size(), 3u);
  EXPECT_EQ(fleet[0].vehicle_types.size(), 4u);
  EXPECT_EQ(fleet[1].vehicle_types.size(), 4u);
  EXPECT_EQ(fleet[2].vehicle_types.size(), 3u);
  EXPECT_EQ(fleet[0].market.vehicles(), 4);
  EXPECT_EQ(fleet[2].market.vehicles(), 3);
}

TEST(DrawFleetTest, TheSeedDecidesEverything) {
  const auto a = DrawFleet(5, 50, 7);
  const auto b = DrawFleet(5, 50, 7);
  const auto other = DrawFleet(5, 50, 8);
  for (std::size_t m = 0; m < a.size(); ++m) {
    EXPECT_EQ(a[m].optimum, b[m].optimum);
    EXPECT_EQ(a[m].seed, b[m].seed);
    EXPECT_EQ(a[m].vehicle_types, b[m].vehicle_types);
    EXPECT_NE(a[m].optimum, other[m].optimum);
  }
}

TEST(RunFleetTest, EveryVehicleAsksOnceWhateverTheWorkers) {
  const auto fleet = DrawFleet(4, 101, 1);
  for (const int workers : {1, 3, 200}) {
    std::atomic<int> asked = 0;
    const auto tally = RunFleet(fleet, workers, [&](const FleetMarket& market, int worker) {
      EXPECT_LT(worker, workers);
      ++asked;
      return PostedOptimum(market.market);
    });
    ASSERT_TRUE(tally.ok()) << tally.status();
    EXPECT_EQ(asked, 101);
    EXPECT_EQ(tally->vehicles(), 101);
  }
}

TEST(RunFleetTest, OptimalMenusAreTakenTruthfullyByAll) {
  const auto tally = RunFleet(DrawFleet(20, 1000, 1), 2, Optimum);
  ASSERT_TRUE(tally.ok()) << tally.status();
  EXPECT_TRUE(tally->AllTruthful());
  EXPECT_EQ(tally->TruthfulShare(), 1.0);
  EXPECT_EQ(tally->Participation(), 1.0);
  EXPECT_GT(tally->VehicleUtility(), 0.0);
  EXPECT_NEAR(tally->ShareOfOptimum(), 1.0, 1e-4);  // What posting on integers may cost.
}

TEST(RunFleetTest, RealisedUtilityNearsTheExpectedOne) {
  const auto tally = RunFleet(DrawFleet(1, 40'000, 3), 1, Optimum);
  ASSERT_TRUE(tally.ok()) << tally.status();
  EXPECT_NEAR(tally->ServerUtility() / tally->ExpectedServerUtility(), 1.0, 0.02);
}

TEST(RunFleetTest, PoolingIsTruthfulButWorthLess) {
  const auto fleet = DrawFleet(20, 1000, 1);
  const auto pooling = RunFleet(fleet, 1, [](const FleetMarket& market, int) { return PostedPooling(market.market); });
  ASSERT_TRUE(pooling.ok()) << pooling.status();
  EXPECT_TRUE(pooling->AllTruthful());
  EXPECT_LT(pooling->ShareOfOptimum(), 0.99);
}

TEST(RunFleetTest, SeesVehiclesThatGainByLying) {
  // Everybody is offered the cheapest type's item twice its worth at the top.
  const auto tally = RunFleet(DrawFleet(3, 60, 1), 1, [](const FleetMarket& market, int) {
    auto menu = PostedOptimum(market.market);
    (*menu)[market.market.types() - 1].reward_micros += 2'000'000;
    return menu;
  });
  ASSERT_TRUE(tally.ok()) << tally.status();
  EXPECT_FALSE(tally->AllTruthful());
}

TEST(RunFleetTest, StopsAtTheFirstError) {
  std::atomic<int> asked = 0;
  const auto tally = RunFleet(DrawFleet(1, 100, 1), 1, [&](const FleetMarket& market, int) {
    if (++asked == 3) return absl::StatusOr<contract::PostedMenu>(absl::UnavailableError("gone"));
    return PostedOptimum(market.market);
  });
  EXPECT_EQ(tally.status(), absl::UnavailableError("gone"));
  EXPECT_EQ(asked, 3);
}

TEST(FleetReportTest, JsonSaysWhatWasDeliveredWhereVehiclesDid) {
  const auto tally = RunFleet(DrawFleet(2, 10, 1), 1, Optimum);
  ASSERT_TRUE(tally.ok());
  SensingTally sensing;
  sensing.Add(
      {.agreed = 0.5, .settled = true, .true_quality = 0.5, .scored = 0.6, .paid = true, .reward = 2.0, .found = 3.0});
  sensing.Add({.conduct = Conduct::kStale, .agreed = 0.5, .true_quality = 0.1, .scored = 0.1});
  const nlohmann::ordered_json json = FleetJson({{"GDM", *tally, sensing}, {"exact", *tally, std::nullopt}});
  EXPECT_EQ(json["GDM"]["sensing"]["honest_paid_share"], 1.0);
  EXPECT_EQ(json["GDM"]["sensing"]["by_conduct"]["stale"]["sent"], 1);
  EXPECT_EQ(json["GDM"]["sensing"]["settled"], 1);
  EXPECT_EQ(json["GDM"]["sensing"]["declined"], 0);
  EXPECT_EQ(json["GDM"]["sensing"]["found_per_money"], 1.5);
  EXPECT_FALSE(json["exact"].contains("sensing"));
  std::ostringstream table;
  PrintSensingTables({{"GDM", *tally, sensing}}, table);
  EXPECT_NE(table.str().find("0/1"), std::string::npos) << table.str();
  EXPECT_NE(table.str().find("found per money"), std::string::npos) << table.str();
}

TEST(FleetReportTest, JsonHasARowForEachMethod) {
  const auto tally = RunFleet(DrawFleet(2, 10, 1), 1, Optimum);
  ASSERT_TRUE(tally.ok());
  const nlohmann::ordered_json json = FleetJson({{"GDM", *tally, std::nullopt}, {"exact", *tally, std::nullopt}});
  EXPECT_EQ(json["GDM"]["vehicles"], 10);
  EXPECT_EQ(json["exact"]["truthful_share"], 1.0);
}

}  // namespace
}  // namespace giot::client
