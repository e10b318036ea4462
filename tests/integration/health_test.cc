#include <filesystem>
#include <string>

#include "client/contract_client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/health_watch.h"
#include "tests/integration/running_server.h"
#include "tests/models/bundle/scratch.h"
#include "tests/models/bundle/test_bundle.h"
#include "tests/server/market.h"

namespace giot::integration {
namespace {

constexpr char kContractService[] = "giot.v1.ContractService";

TEST(HealthTest, TurnsToNotServingBeforeTheServerLeaves) {
  RunningServer server;
  HealthWatch overall(server.address());
  HealthWatch service(server.address(), kContractService);
  EXPECT_EQ(overall.Next(), Health::kServing);
  EXPECT_EQ(service.Next(), Health::kServing);
  server.server().StopAdvertising();
  EXPECT_EQ(overall.Next(), Health::kNotServing);
  EXPECT_EQ(service.Next(), Health::kNotServing);
  // Who has not looked yet is still served.
  client::ContractClient client(server.address());
  EXPECT_TRUE(client.GenerateContract(GoodRequest()).ok());
  EXPECT_EQ(client.CheckHealth().code(), absl::StatusCode::kUnavailable);
}

TEST(HealthTest, KnowsOnlyItsOwnServices) {
  const RunningServer server;
  HealthWatch watch(server.address(), "somebody.else");
  EXPECT_EQ(watch.Next(), Health::kServiceUnknown);
  client::ContractClient client(server.address());
  EXPECT_TRUE(client.CheckHealth(kContractService).ok());
  EXPECT_EQ(client.CheckHealth("somebody.else").code(), absl::StatusCode::kNotFound);
}

TEST(HealthTest, OneBadModelMeansNotServingThoughTheOthersAnswer) {
  const std::filesystem::path root = bundle::ScratchDirectory();
  bundle::WriteTestBundle(root, "screening", 1);
  std::filesystem::remove(bundle::WriteTestBundle(root, "screening", 2) / "policy.pt");
  server::ServerOptions options = PolicyServing();
  options.model_root = root;
  const RunningServer server(options);
  HealthWatch watch(server.address());
  EXPECT_EQ(watch.Next(), Health::kNotServing);
  client::ContractClient client(server.address());
  const auto reply = client.GenerateContract(GoodRequest());
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->model().version(), 1);
  const auto models = client.ListModels();
  ASSERT_TRUE(models.ok()) << models.status();
  ASSERT_EQ(models->models_size(), 2);
  EXPECT_TRUE(models->models(0).ready());
  EXPECT_TRUE(models->models(0).is_default());
  EXPECT_FALSE(models->models(1).ready());
  EXPECT_THAT(models->models(1).error(), testing::HasSubstr("policy.pt"));
}

TEST(HealthTest, SeveralModelsAreServedSideBySide) {
  const std::filesystem::path root = bundle::ScratchDirectory();
  bundle::WriteTestBundle(root, "night", 3);
  bundle::WriteTestBundle(root, "screening", 1);
  bundle::WriteTestBundle(root, "screening", 2);
  server::ServerOptions options = PolicyServing();
  options.model_root = root;
  options.models = {{"screening", 1}, {"screening", 2}, {"night", 3}};
  const RunningServer server(options);
  client::ContractClient client(server.address());
  v1::GenerateContractRequest request = GoodRequest();
  EXPECT_EQ(client.GenerateContract(request)->model().version(), 2);
  request.set_model_version(1);
  EXPECT_EQ(client.GenerateContract(request)->model().version(), 1);
  request.set_model_name("night");
  EXPECT_EQ(client.GenerateContract(request).status().code(), absl::StatusCode::kNotFound);
  request.set_model_version(0);
  EXPECT_EQ(client.GenerateContract(request)->model().name(), "night");
}

}  // namespace
}  // namespace giot::integration
