#include "server/settlement/checkpoint_feed.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/settlement/test_market.h"

namespace giot::settlement {
namespace {

using testing::ElementsAre;

TEST(CheckpointFeedTest, WatchersAreToldOfTheNewestAndOfEachNewerOneUntilTheyLeave) {
  TestMarket market("checkpoint_feed");
  CheckpointFeed feed(market.driver());
  ASSERT_TRUE(feed.Poll().ok());
  const std::string first = market.driver().LatestCheckpoint().value();
  std::vector<std::string> early;
  std::vector<std::string> late;
  const int one = feed.Watch([&](const std::string& note) { early.push_back(note); });
  EXPECT_THAT(early, ElementsAre(first));
  ASSERT_TRUE(feed.Poll().ok());
  EXPECT_THAT(early, ElementsAre(first)) << "nothing new";

  market.Do("mint", ledger::DepositBody("car", 1));
  const std::string second = market.driver().LatestCheckpoint().value();
  ASSERT_TRUE(feed.Poll().ok());
  feed.Watch([&](const std::string& note) { late.push_back(note); });
  EXPECT_THAT(early, ElementsAre(first, second));
  EXPECT_THAT(late, ElementsAre(second));

  feed.Leave(one);
  market.Do("mint", ledger::DepositBody("car", 1));
  ASSERT_TRUE(feed.Poll().ok());
  EXPECT_THAT(early, ElementsAre(first, second));
  EXPECT_EQ(late.size(), 2U);
}

}  // namespace
}  // namespace giot::settlement
