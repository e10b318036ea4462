#include "client/deals/task_board.h"

#include "gtest/gtest.h"

namespace giot::client {
namespace {

contract::PostedMenu MenuOf(std::initializer_list<contract::PostedItem> items) {
  contract::PostedMenu menu(static_cast<int>(items.size()));
  int type = 0;
  for (const contract::PostedItem& item : items) menu[type++] = item;
  return menu;
}

Deal DealIn(const FleetMarket& market, int width) {
  Deal deal;
  deal.market = &market;
  deal.delivery.request.mutable_requirements()->set_width(width);
  deal.delivery.request.mutable_requirements()->set_height(480);
  return deal;
}

TEST(PlanTasksTest, ATaskForEachMarketAndSizeOfImage) {
  const std::vector<FleetMarket> fleet = DrawFleet(2, 4, 1);
  const std::vector<Deal> deals = {DealIn(fleet[1], 640), DealIn(fleet[0], 640), DealIn(fleet[1], 640),
                                   DealIn(fleet[1], 320)};
  const std::vector<PlannedTask> tasks = PlanTasks(deals, 4);
  ASSERT_EQ(tasks.size(), 3U);
  EXPECT_EQ(tasks[0].sample, &deals[0]);
  EXPECT_EQ(tasks[0].deals, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(tasks[1].deals, (std::vector<std::size_t>{1}));
  EXPECT_EQ(tasks[2].deals, (std::vector<std::size_t>{3}));
  EXPECT_EQ(tasks[0].absentees, 2);
  EXPECT_EQ(tasks[1].absentees, 1);
  EXPECT_EQ(tasks[2].absentees, 1);
}

TEST(PlanTasksTest, WithoutDealsThereIsNoTask) { EXPECT_TRUE(PlanTasks({}, 1).empty()); }

TEST(TaskMenuOfTest, LeavesOutWhatAsksOrPaysNothingAndWhatIsThereAlready) {
  const auto menu = MenuOf({{900'000, 5'000}, {900'000, 5'000}, {500'000, 2'000}, {400'000, 0}, {0, 0}});
  const std::vector<ledger::TaskItem> items = TaskMenuOf(menu);
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].quality, 900'000U);
  EXPECT_EQ(items[0].reward, 5'000);
  EXPECT_EQ(items[1].quality, 500'000U);
  EXPECT_EQ(items[1].reward, 2'000);
}

TEST(PlaceOfTest, FindsAnItemByQualityAndReward) {
  const std::vector<ledger::TaskItem> menu = TaskMenuOf(MenuOf({{900'000, 5'000}, {500'000, 2'000}}));
  EXPECT_EQ(*PlaceOf({900'000, 5'000}, menu), 0);
  EXPECT_EQ(*PlaceOf({500'000, 2'000}, menu), 1);
  EXPECT_EQ(PlaceOf({500'000, 1'999}, menu).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(PlaceOf({500'001, 2'000}, menu).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace giot::client
