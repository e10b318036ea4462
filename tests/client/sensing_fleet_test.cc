#include "client/sensing_fleet.h"

#include <opencv2/core.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/server/quality/test_quality_model.h"

namespace giot::client {
namespace {

class RunSensingTest : public testing::Test {
 protected:
  RunSensingTest() : fleet_(DrawFleet(3, 30, 1)), model_(quality::IndifferentModel(0.8)) {
    plan_.deliveries = 20;
    plan_.cheat_share = 0.25;
    plan_.delta = 1.0;
    plan_.run_id = "run";
    world_.frame = [](std::uint64_t vehicle) -> absl::StatusOr<cv::Mat> {
      cv::Mat frame(256, 256, CV_8UC3);
      cv::RNG random(vehicle + 1);
      random.fill(frame, cv::RNG::UNIFORM, 0, 256);
      return frame;
    };
    world_.submit = [this](const v1::ScoreSensingQualityRequest& request) -> absl::StatusOr<v1::SensingQualityScore> {
      sent_.push_back(request);
      v1::SensingQualityScore score;
      score.set_quality(0.75);
      score.set_quality_lower(0.5);
      return score;
    };
    world_.now_us = [this] { return now_us_ += 1000; };
  }

  absl::StatusOr<std::vector<SensingTally>> Run() {
    const MenuSource optimum = [](const FleetMarket& market, int) { return PostedOptimum(market.market); };
    const MenuSource pooling = [](const FleetMarket& market, int) { return PostedPooling(market.market); };
    return RunSensing(fleet_, {optimum, pooling}, model_, plan_, world_);
  }

  const std::vector<FleetMarket> fleet_;
  quality::QualityModel model_;
  SensingPlan plan_;
  SensingWorld world_;
  std::vector<v1::ScoreSensingQualityRequest> sent_;
  std::int64_t now_us_ = 1'700'000'000'000'000;
};

TEST_F(RunSensingTest, EveryVehicleDeliversOnceUnderEveryMenuAndAReplayTwice) {
  const auto tallies = Run();
  ASSERT_TRUE(tallies.ok()) << tallies.status();
  ASSERT_EQ(tallies->size(), 2U);
  for (const SensingTally& tally : *tallies) {
    EXPECT_EQ(tally.deliveries(Conduct::kHonest), 15);
    EXPECT_EQ(tally.cheats(), 5);
    EXPECT_EQ(tally.deliveries(Conduct::kReplay), 1);
    EXPECT_DOUBLE_EQ(tally.MeanScored(), 0.75);
    EXPECT_GT(tally.MeanAgreed(), 0.0);
    EXPECT_EQ(tally.HonestPaidShare(), 1.0);  // The tolerance forgives everything.
    EXPECT_GT(tally.Paid(), tally.Overpaid());
  }
  EXPECT_EQ(sent_.size(), 2U * 21U);
}

TEST_F(RunSensingTest, SourcesOfRunsMenusAndVehiclesAreApart) {
  ASSERT_TRUE(Run().ok());
  std::set<std::string> sources;
  for (const auto& request : sent_) sources.insert(request.capture().source_id());
  EXPECT_EQ(sources.size(), 40U);
  for (const std::string& source : sources) EXPECT_EQ(source.rfind("run/menu-", 0), 0U) << source;
}

TEST_F(RunSensingTest, WithoutToleranceWhoAgreedOnMoreThanTheLowerBoundIsNotPaid) {
  plan_.delta = 0.0;
  const auto tallies = Run();
  ASSERT_TRUE(tallies.ok()) << tallies.status();
  EXPECT_LT(tallies->front().HonestPaidShare(), 1.0);
  EXPECT_GT(tallies->front().HonestPaidShare(), 0.0);
}

TEST_F(RunSensingTest, TheModelsMarginAndAnAllowanceAreForgivenIfNothingIsSaid) {
  plan_.delta = 0.25;
  EXPECT_EQ(TermsOf(plan_, model_).delta, 0.25);
  plan_.delta.reset();
  EXPECT_DOUBLE_EQ(TermsOf(plan_, model_).delta, 0.1 + 0.03);
  EXPECT_DOUBLE_EQ(TermsOf(plan_, model_).Allowance(), 0.03);
}

TEST_F(RunSensingTest, AnHonestVehicleAgreesOnNoMoreThanItsFrameIsWorth) {
  model_ = quality::IndifferentModel(0.3);
  plan_.cheat_share = 0.0;
  const auto tallies = Run();
  ASSERT_TRUE(tallies.ok()) << tallies.status();
  for (const SensingTally& tally : *tallies) {
    EXPECT_LE(tally.MeanAgreed(), 0.3);
    EXPECT_EQ(tally.deliveries(Conduct::kHonest) + tally.declined(), 20);
  }
  EXPECT_GT(tallies->front().settled(), 0);  // The optimum has lesser items,
  EXPECT_EQ(tallies->back().settled(), 0);   // pooling does not.
  EXPECT_GT(tallies->back().declined(), 0);
}

TEST_F(RunSensingTest, ACheatAgreesOnWhateverSuitsIt) {
  model_ = quality::IndifferentModel(0.01);
  plan_.cheat_share = 1.0;
  const auto tallies = Run();
  ASSERT_TRUE(tallies.ok()) << tallies.status();
  for (const SensingTally& tally : *tallies) EXPECT_EQ(tally.cheats(), 20);
}

TEST_F(RunSensingTest, VehiclesAreLookedForOnFramesAndOnWhatWasPaidFor) {
  int looks = 0;
  world_.find = [&looks](const cv::Mat&) {
    ++looks;
    return std::vector<cv::Rect2d>{{0.1, 0.1, 0.2, 0.2}, {0.6, 0.6, 0.2, 0.2}};
  };
  plan_.cheat_share = 0.0;
  const auto tallies = Run();
  ASSERT_TRUE(tallies.ok()) << tallies.status();
  std::int64_t paid = 0;
  for (const SensingTally& tally : *tallies) {
    paid += tally.paid(Conduct::kHonest);
    EXPECT_NEAR(tally.FoundPerMoney().value(), 2.0 * static_cast<double>(tally.paid(Conduct::kHonest)) / tally.Paid(),
                1e-9);
  }
  EXPECT_GT(paid, 0);
  EXPECT_EQ(looks, 20 + paid);
}

TEST_F(RunSensingTest, ARefusedImageIsAnUnpaidDeliveryAndNoError) {
  world_.submit = [](const v1::ScoreSensingQualityRequest&) {
    return absl::StatusOr<v1::SensingQualityScore>(absl::InvalidArgumentError("image: truncated"));
  };
  plan_.deliveries = 3;
  plan_.cheat_share = 0.0;
  const auto tallies = Run();
  ASSERT_TRUE(tallies.ok()) << tallies.status();
  EXPECT_EQ(tallies->front().deliveries(Conduct::kHonest), 3);
  EXPECT_EQ(tallies->front().HonestPaidShare(), 0.0);
}

TEST_F(RunSensingTest, DealsUnderTheFirstMenusCanBeHandedOver) {
  std::vector<Deal> deals;
  world_.hand_over = [&deals](Deal deal) { deals.push_back(std::move(deal)); };
  const auto tallies = Run();
  ASSERT_TRUE(tallies.ok()) << tallies.status();
  EXPECT_EQ(tallies->front().deliveries(Conduct::kHonest) + tallies->front().cheats(), 0);
  EXPECT_EQ(tallies->back().deliveries(Conduct::kHonest), 15);
  ASSERT_EQ(deals.size(), 20U);
  for (const Deal& deal : deals) {
    EXPECT_FALSE(deal.delivery.request.image().empty());
    EXPECT_TRUE(deal.delivery.request.capture().signature().empty());  // Whoever delivers it stamps it.
    EXPECT_DOUBLE_EQ(deal.order.quality, static_cast<double>(deal.item.quality_micros) / 1e6);
    EXPECT_THAT(deal.menu.items(), testing::Contains(deal.item));
  }
  EXPECT_EQ(sent_.size(), 21U);  // Of the second.
}

TEST_F(RunSensingTest, AServerThatIsGoneEndsIt) {
  world_.submit = [](const v1::ScoreSensingQualityRequest&) {
    return absl::StatusOr<v1::SensingQualityScore>(absl::UnavailableError("gone"));
  };
  EXPECT_EQ(Run().status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace giot::client
