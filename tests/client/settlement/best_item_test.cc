#include "client/settlement/best_item.h"

#include <optional>
#include <vector>

#include "gtest/gtest.h"

namespace giot::client {
namespace {

const std::vector<ledger::TaskItem> kMenu = {{.quality = 200'000, .reward = 300'000},
                                             {.quality = 500'000, .reward = 550'000},
                                             {.quality = 900'000, .reward = 800'000}};

std::optional<int> BestAt(double cost_type) {
  return BestItem(kMenu, [cost_type](const ledger::TaskItem& item) { return cost_type * item.quality; });
}

TEST(BestItemTest, IsTheOneThatLeavesMost) {
  EXPECT_EQ(BestAt(0.5), 2);  // .2, .3, .35
  EXPECT_EQ(BestAt(0.7), 1);  // .16, .2, .17
  EXPECT_EQ(BestAt(1.0), 0);  // .1, .05, -.1
}

TEST(BestItemTest, IsNoneWhereNothingIsLeft) {
  EXPECT_EQ(BestAt(1.5), std::nullopt);  // 0, -.2, -.55
  EXPECT_EQ(BestItem({}, [](const ledger::TaskItem&) { return 0.0; }), std::nullopt);
}

TEST(BestItemTest, IsTheFirstOfEquals) {
  EXPECT_EQ(BestItem({kMenu[0], kMenu[0]}, [](const auto&) { return 0.0; }), 0);
}

}  // namespace
}  // namespace giot::client
