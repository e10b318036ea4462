// Markets whose optimum is not known, over the loopback: every reply is verified.
#include <string>

#include "client/contract_client.h"
#include "client/verify.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/running_server.h"
#include "tests/server/market.h"

namespace giot::integration {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

server::ServerOptions AllFamilies() {
  server::ServerOptions options = PolicyServing();
  options.model_root = ModelsOfAllFamilies();
  return options;
}

struct Family {
  std::string name;
  v1::GenerateContractRequest request;
};

class FamiliesTest : public testing::TestWithParam<Family> {
 protected:
  // One server for all tests: it takes a while to verify its models.
  static void SetUpTestSuite() { server_ = new RunningServer(AllFamilies()); }
  static void TearDownTestSuite() {
    delete server_;
    server_ = nullptr;
  }

  // What a server answers, once verified.
  v1::GenerateContractResponse Answer(const RunningServer& server, const v1::GenerateContractRequest& request) {
    const auto reply = client::ContractClient(server.address()).GenerateContract(request);
    EXPECT_TRUE(reply.ok()) << reply.status();
    if (!reply.ok()) return {};
    const absl::Status honest = client::VerifyCertificate(request, *reply);
    EXPECT_TRUE(honest.ok()) << honest;
    return *reply;
  }

  static RunningServer* server_;
  const v1::GenerateContractRequest request_ = GetParam().request;
};

RunningServer* FamiliesTest::server_ = nullptr;

TEST_P(FamiliesTest, ThePolicyOfTheFamilyAnswersWithACertificate) {
  const v1::GenerateContractResponse reply = Answer(*server_, request_);
  EXPECT_EQ(reply.certificate().source(), v1::MENU_SOURCE_GDM);
  EXPECT_EQ(reply.model().name(), GetParam().name);
  EXPECT_EQ(reply.certificate().evaluations(), 1);
  EXPECT_LT(reply.certificate().utility(), reply.certificate().upper_bound());
  EXPECT_GT(reply.timings().policy_ns(), 0);
}

TEST_P(FamiliesTest, ATimeBudgetMakesTheMenuBetter) {
  v1::GenerateContractRequest polished = request_;
  polished.set_time_budget_us(20'000);
  const v1::GenerateContractResponse before = Answer(*server_, request_);
  const v1::GenerateContractResponse after = Answer(*server_, polished);
  EXPECT_EQ(after.certificate().source(), v1::MENU_SOURCE_GDM);
  EXPECT_GT(after.certificate().evaluations(), 1);
  EXPECT_GT(after.certificate().utility(), before.certificate().utility());
  EXPECT_GE(after.timings().policy_ns(), 15'000'000);
}

TEST_P(FamiliesTest, TheServerCutsTimeBudgets) {
  server::ServerOptions options = AllFamilies();
  options.contract.max_polish = absl::Milliseconds(2);
  v1::GenerateContractRequest request = request_;
  request.set_time_budget_us(600'000'000);
  const v1::GenerateContractResponse reply = Answer(RunningServer(options), request);
  EXPECT_GT(reply.certificate().evaluations(), 1);
  EXPECT_LT(reply.timings().policy_ns(), 1'000'000'000);
}

TEST_P(FamiliesTest, ASearchStandsInOutsideTheRanges) {
  v1::GenerateContractRequest request = request_;
  if (request.has_uncertain()) request.mutable_uncertain()->set_value_rate(5000.0);
  if (request.has_freshness()) request.mutable_freshness()->set_value_rate(5000.0);
  const v1::GenerateContractResponse reply = Answer(*server_, request);
  EXPECT_EQ(reply.certificate().source(), v1::MENU_SOURCE_SEARCH);
  EXPECT_EQ(reply.certificate().search_reason(), v1::SEARCH_REASON_OUTSIDE_RANGES);
  EXPECT_THAT(reply.certificate().search_reason_text(), HasSubstr("value_rate"));
  EXPECT_EQ(reply.model().name(), GetParam().name);
}

TEST_P(FamiliesTest, ASearchStandsInWithoutAModel) {
  const v1::GenerateContractResponse reply = Answer(RunningServer(), request_);
  EXPECT_EQ(reply.certificate().source(), v1::MENU_SOURCE_SEARCH);
  EXPECT_EQ(reply.certificate().search_reason(), v1::SEARCH_REASON_NO_MODEL);
  EXPECT_FALSE(reply.has_model());
}

TEST_P(FamiliesTest, AModelThatIsNamedMustBeOfTheFamilyAndThere) {
  client::ContractClient client(server_->address());
  v1::GenerateContractRequest request = request_;
  request.set_model_name("screening");
  const absl::Status other = client.GenerateContract(request).status();
  EXPECT_EQ(other.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(other.message()), StartsWith("model_name: got screening"));
  request.set_model_name("nobody");
  EXPECT_EQ(client.GenerateContract(request).status().code(), absl::StatusCode::kNotFound);
  request.clear_model_name();
  request.set_model_version(9);
  EXPECT_EQ(client.GenerateContract(request).status().code(), absl::StatusCode::kNotFound);
}

INSTANTIATE_TEST_SUITE_P(Wire, FamiliesTest,
                         testing::Values(Family{"uncertain", UncertainRequest()},
                                         Family{"freshness", FreshnessRequest()}),
                         [](const auto& test) { return test.param.name; });

TEST(FamilyModelsTest, AreListedWithTheirFamilies) {
  const RunningServer server(AllFamilies());
  const auto reply = client::ContractClient(server.address()).ListModels();
  ASSERT_TRUE(reply.ok()) << reply.status();
  ASSERT_EQ(reply->models_size(), 3);
  for (const v1::ModelStatus& model : reply->models()) {
    EXPECT_EQ(model.family(), model.identity().name());
    EXPECT_TRUE(model.is_default()) << model.family();
  }
}

TEST(FamilyModelsTest, ATimeBudgetChangesNothingWhereTheOptimumIsKnown) {
  const RunningServer server(AllFamilies());
  client::ContractClient client(server.address());
  v1::GenerateContractRequest request = GoodRequest();
  const auto plain = client.GenerateContract(request);
  request.set_time_budget_us(50'000);
  const auto timed = client.GenerateContract(request);
  ASSERT_TRUE(plain.ok() && timed.ok());
  EXPECT_EQ(plain->menu(0).reward_micros(), timed->menu(0).reward_micros());
  EXPECT_FALSE(timed->certificate().has_upper_bound());
  EXPECT_NEAR(timed->certificate().participation(), 1.0, 1e-12);
}

TEST(FamilyModelsTest, AStreamMixesFamilies) {
  const RunningServer server(AllFamilies());
  client::ContractClient client(server.address());
  client::ContractStream stream = client.OpenStream(absl::Seconds(60));
  v1::GenerateContractRequest polished = UncertainRequest();
  polished.set_time_budget_us(5'000);
  const v1::GenerateContractRequest requests[] = {GoodRequest(), polished, FreshnessRequest(), GoodRequest()};
  for (std::uint64_t id = 0; id < 4; ++id) ASSERT_TRUE(stream.Send(id, requests[id]).ok());
  stream.CloseSending();
  for (std::uint64_t id = 0; id < 4; ++id) {
    const auto reply = stream.Receive();
    ASSERT_TRUE(reply.ok()) << reply.status();
    EXPECT_EQ(reply->request_id, id);
    ASSERT_TRUE(reply->result.ok()) << reply->result.status();
    const absl::Status honest = client::VerifyCertificate(requests[id], *reply->result);
    EXPECT_TRUE(honest.ok()) << honest;
  }
}

}  // namespace
}  // namespace giot::integration
