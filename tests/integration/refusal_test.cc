// What a bad request gets over the wire: the right code, and a message that
// starts with the field.
#include <functional>
#include <limits>
#include <string>

#include "client/contract_client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/raw_call.h"
#include "tests/integration/running_server.h"
#include "tests/server/market.h"

namespace giot::integration {
namespace {

using absl::StatusCode;
using testing::HasSubstr;
using testing::StartsWith;

constexpr char kGenerate[] = "/giot.v1.ContractService/GenerateContract";

struct BadRequest {
  std::string name;
  StatusCode code;
  std::string field;
  std::function<void(v1::GenerateContractRequest&)> damage;
};

class RefusalTest : public testing::TestWithParam<BadRequest> {
 protected:
  static void SetUpTestSuite() { server_ = new RunningServer; }
  static void TearDownTestSuite() {
    delete server_;
    server_ = nullptr;
  }

  static RunningServer* server_;
};

RunningServer* RefusalTest::server_ = nullptr;

TEST_P(RefusalTest, NamesTheField) {
  client::ContractClient client(server_->address());
  v1::GenerateContractRequest request = GoodRequest();
  GetParam().damage(request);
  const absl::Status status = client.GenerateContract(request).status();
  EXPECT_EQ(status.code(), GetParam().code) << status;
  EXPECT_THAT(std::string(status.message()), StartsWith(GetParam().field));
  EXPECT_THAT(std::string(status.message()), HasSubstr("got"));
  // The server goes on.
  EXPECT_TRUE(client.GenerateContract(GoodRequest()).ok());
}

void AddTypes(v1::ScreeningMarket& market, int types) {
  market.clear_cost_types();
  market.clear_probabilities();
  for (int k = 0; k < types; ++k) {
    market.add_cost_types(0.3 + 0.01 * k);
    market.add_probabilities(1.0 / types);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Wire, RefusalTest,
    testing::Values(
        BadRequest{"NoMarket", StatusCode::kInvalidArgument, "market:", [](auto& r) { r.clear_market(); }},
        BadRequest{"NotANumber", StatusCode::kInvalidArgument, "market.screening.value_rate:",
                   [](auto& r) { r.mutable_screening()->set_value_rate(std::numeric_limits<double>::quiet_NaN()); }},
        BadRequest{"Infinite", StatusCode::kInvalidArgument, "market.screening.cost_types[2]:",
                   [](auto& r) { r.mutable_screening()->set_cost_types(2, std::numeric_limits<double>::infinity()); }},
        BadRequest{"UnsortedTypes", StatusCode::kInvalidArgument,
                   "market.screening.cost_types[1]:", [](auto& r) { r.mutable_screening()->set_cost_types(1, 0.2); }},
        BadRequest{"DuplicateTypes", StatusCode::kInvalidArgument,
                   "market.screening.cost_types[1]:", [](auto& r) { r.mutable_screening()->set_cost_types(1, 0.3); }},
        BadRequest{"ProbabilitiesNotSummingToOne", StatusCode::kInvalidArgument, "market.screening.probabilities:",
                   [](auto& r) { r.mutable_screening()->set_probabilities(0, 0.31); }},
        BadRequest{"NegativeProbability", StatusCode::kInvalidArgument, "market.screening.probabilities[0]:",
                   [](auto& r) { r.mutable_screening()->set_probabilities(0, -0.3); }},
        BadRequest{"OneType", StatusCode::kInvalidArgument,
                   "market.screening.cost_types:", [](auto& r) { AddTypes(*r.mutable_screening(), 1); }},
        BadRequest{"SeventeenTypes", StatusCode::kInvalidArgument,
                   "market.screening.cost_types:", [](auto& r) { AddTypes(*r.mutable_screening(), 17); }},
        BadRequest{"InfeasibleBudget", StatusCode::kInvalidArgument,
                   "market.screening.budget:", [](auto& r) { r.mutable_screening()->set_budget(0.1); }},
        BadRequest{"NoVehicles", StatusCode::kInvalidArgument,
                   "market.screening.vehicles:", [](auto& r) { r.mutable_screening()->set_vehicles(0); }},
        BadRequest{"TooManySamples", StatusCode::kInvalidArgument, "samples:", [](auto& r) { r.set_samples(4097); }},
        BadRequest{"UncertainTypesThatAreNotSorted", StatusCode::kInvalidArgument, "market.uncertain.cost_types[1]:",
                   [](auto& r) {
                     r = UncertainRequest();
                     r.mutable_uncertain()->set_cost_types(1, 0.2);
                   }},
        BadRequest{"FreshnessTypesThatAreEqual", StatusCode::kInvalidArgument, "market.freshness.sensing_costs[1]:",
                   [](auto& r) {
                     r = FreshnessRequest();
                     r.mutable_freshness()->set_update_costs(1, 0.2);
                   }},
        BadRequest{"NegativeTimeBudget", StatusCode::kInvalidArgument,
                   "time_budget_us:", [](auto& r) { r.set_time_budget_us(-1); }},
        BadRequest{"UnknownModel", StatusCode::kNotFound, "model:", [](auto& r) { r.set_model_name("nobody"); }},
        BadRequest{"UnknownVersion", StatusCode::kNotFound, "model:", [](auto& r) { r.set_model_version(9); }}),
    [](const auto& test) { return test.param.name; });

TEST(MessageRefusalTest, BytesThatAreNoMessageFailAlone) {
  const RunningServer server;
  const std::string good = GoodRequest().SerializeAsString();
  for (const std::string& bytes : {std::string("\xff\xff\xff\xff"), good.substr(0, good.size() / 2)}) {
    EXPECT_FALSE(RawCall(server.address(), kGenerate, bytes).ok());
  }
  EXPECT_TRUE(RawCall(server.address(), kGenerate, good).ok());
}

TEST(MessageRefusalTest, AnUnknownMethodIsUnimplemented) {
  const RunningServer server;
  EXPECT_EQ(RawCall(server.address(), "/giot.v1.ContractService/Nothing", "").error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

}  // namespace
}  // namespace giot::integration
