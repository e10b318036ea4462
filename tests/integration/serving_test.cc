// The client library against the server, over the loopback.
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "client/contract_client.h"
#include "client/conversion.h"
#include "client/verify.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "models/contract/market_sampler.h"
#include "tests/integration/running_server.h"
#include "tests/server/market.h"

namespace giot::integration {
namespace {

using testing::Each;
using testing::HasSubstr;

// What makes two menus the same one.
std::vector<std::int64_t> Integers(const v1::GenerateContractResponse& reply) {
  std::vector<std::int64_t> integers;
  for (const v1::ContractItem& item : reply.menu()) {
    integers.push_back(item.quality_micros());
    integers.push_back(item.reward_micros());
  }
  return integers;
}

absl::Status Verify(const v1::GenerateContractRequest& request, const v1::GenerateContractResponse& reply) {
  const auto market = client::MarketFromProto(request.screening());
  return market.ok() ? client::VerifyCertificate(*market, reply) : market.status();
}

TEST(ServingTest, HandsOutACertifiedMenuOfThePolicy) {
  const RunningServer server;
  client::ContractClient client(server.address());
  const auto reply = client.GenerateContract(GoodRequest());
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->menu_size(), 3);
  EXPECT_EQ(reply->certificate().source(), v1::MENU_SOURCE_GDM);
  EXPECT_EQ(reply->certificate().exact_reason(), v1::EXACT_REASON_UNSPECIFIED);
  EXPECT_GT(reply->certificate().ratio(), 0.0);
  EXPECT_LT(reply->certificate().ratio(), 1.0);
  EXPECT_FALSE(reply->certificate().has_budget_slack());
  const absl::Status honest = Verify(GoodRequest(), *reply);
  EXPECT_TRUE(honest.ok()) << honest;
}

TEST(ServingTest, TellsWhichModelAnsweredAndHowLongItTook) {
  RunningServer server;
  client::ContractClient client(server.address());
  const auto reply = client.GenerateContract(GoodRequest());
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->model().name(), "screening");
  EXPECT_EQ(reply->model().version(), 1);
  EXPECT_EQ(reply->model().digest(), server.server().models().entries()[0].bundle->digest());
  const v1::Timings& timings = reply->timings();
  EXPECT_GT(timings.policy_ns(), 0);
  EXPECT_GE(timings.total_ns(), timings.exact_ns() + timings.policy_ns() + timings.certify_ns());
}

TEST(ServingTest, TheSameSeedYieldsTheSameMenuOnAnotherServer) {
  const RunningServer one;
  const RunningServer other;
  const auto first = client::ContractClient(one.address()).GenerateContract(GoodRequest());
  const auto second = client::ContractClient(other.address()).GenerateContract(GoodRequest());
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(Integers(*first), Integers(*second));
}

TEST(ServingTest, FallsBackToTheExactMenuAndSaysWhy) {
  server::ServerOptions options = PolicyServing();
  options.contract.engine.floor = 1.0;
  const RunningServer server(options);
  client::ContractClient client(server.address());
  v1::GenerateContractRequest request = GoodRequest();
  const auto below_floor = client.GenerateContract(request);
  request.mutable_screening()->set_value_rate(500.0);
  const auto outside = client.GenerateContract(request);
  request = GoodRequest();
  request.mutable_screening()->set_value_scale(0.01);
  const auto worthless = client.GenerateContract(request);
  ASSERT_TRUE(below_floor.ok() && outside.ok() && worthless.ok());
  EXPECT_EQ(below_floor->certificate().source(), v1::MENU_SOURCE_EXACT);
  EXPECT_EQ(below_floor->certificate().exact_reason(), v1::EXACT_REASON_BELOW_FLOOR);
  EXPECT_LT(below_floor->certificate().policy_ratio(), below_floor->certificate().ratio());
  EXPECT_EQ(outside->certificate().exact_reason(), v1::EXACT_REASON_OUTSIDE_RANGES);
  EXPECT_THAT(outside->certificate().exact_reason_text(), HasSubstr("value_rate"));
  EXPECT_EQ(worthless->certificate().exact_reason(), v1::EXACT_REASON_OPTIMUM_NOT_POSITIVE);
  EXPECT_FALSE(worthless->certificate().has_ratio());
  EXPECT_GE(worthless->certificate().gap(), 0.0);
}

TEST(ServingTest, TheBudgetHoldsForAllVehiclesTogether) {
  const RunningServer server;
  client::ContractClient client(server.address());
  v1::GenerateContractRequest request = GoodRequest();
  request.mutable_screening()->set_budget(1.5);
  const auto reply = client.GenerateContract(request);
  ASSERT_TRUE(reply.ok()) << reply.status();
  double pay = 0.0;
  for (int k = 0; k < reply->menu_size(); ++k) {
    pay += 10 * request.screening().probabilities(k) * 1e-6 * static_cast<double>(reply->menu(k).reward_micros());
  }
  EXPECT_LE(pay, 1.5);
  EXPECT_NEAR(reply->certificate().budget_slack(), 1.5 - pay, 1e-12);
}

// Every caller checks what it gets; the replies must not mix.
TEST(ServingTest, AnswersManyClientsAtOnce) {
  constexpr int kClients = 8;
  constexpr int kCalls = 50;
  const RunningServer server;
  std::vector<v1::GenerateContractRequest> requests(kCalls);
  std::mt19937_64 random(5);
  for (v1::GenerateContractRequest& request : requests) {
    *request.mutable_screening() = client::ToProto(contract::SampleMarket({}, random));
    request.set_seed(random());
  }
  std::vector<std::vector<std::int64_t>> menus(kClients);
  std::vector<absl::Status> errors(kClients);
  std::vector<std::thread> threads;
  for (int c = 0; c < kClients; ++c) {
    threads.emplace_back([&, c] {
      client::ContractClient client(server.address());
      for (const v1::GenerateContractRequest& request : requests) {
        const auto reply = client.GenerateContract(request);
        errors[c].Update(reply.ok() ? Verify(request, *reply) : reply.status());
        if (!reply.ok()) return;
        const auto integers = Integers(*reply);
        menus[c].insert(menus[c].end(), integers.begin(), integers.end());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(errors, Each(absl::OkStatus()));
  EXPECT_THAT(menus, Each(menus.front()));
}

}  // namespace
}  // namespace giot::integration
