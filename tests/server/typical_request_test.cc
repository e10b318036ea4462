#include "server/rpc/typical_request.h"

#include "gtest/gtest.h"
#include "models/contract/market_traits.h"
#include "models/freshness/pack.h"
#include "models/uncertain/pack.h"
#include "server/rpc/freshness_convert.h"
#include "server/rpc/screening_convert.h"
#include "server/rpc/uncertain_convert.h"
#include "tests/server/test_model.h"

namespace giot::rpc {
namespace {

template <typename Market>
void ExpectWithin(const bundle::Bundle& model, const absl::StatusOr<Market>& market) {
  ASSERT_TRUE(market.ok()) << market.status();
  const auto outside = bundle::OutsideRanges(model.manifest().ranges, Traits(*market));
  EXPECT_FALSE(outside.has_value()) << *outside;
}

TEST(TypicalRequestTest, AsksTheModelForAMarketWithinItsRanges) {
  const auto screening = TestModel(bundle::Family::kScreening);
  const v1::GenerateContractRequest request = TypicalRequest(screening->manifest());
  EXPECT_EQ(request.model_name(), screening->manifest().name);
  EXPECT_EQ(request.model_version(), screening->manifest().version);
  ExpectWithin(*screening, MarketFrom(request.screening()));
}

TEST(TypicalRequestTest, ForEveryFamily) {
  const auto uncertain = TestModel(bundle::Family::kUncertain);
  ExpectWithin(*uncertain, MarketFrom(TypicalRequest(uncertain->manifest()).uncertain()));
  const auto freshness = TestModel(bundle::Family::kFreshness);
  ExpectWithin(*freshness, MarketFrom(TypicalRequest(freshness->manifest()).freshness()));
}

}  // namespace
}  // namespace giot::rpc
