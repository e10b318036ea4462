// GenerateContract and ListModels over loopback.

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/client_unary_call.h>

#include <atomic>
#include <cmath>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/server_fixture.h"
#include "tests/server/market.h"

namespace giot::server {
namespace {

class RequestsTest : public ServerFixture {
 protected:
  void SetUp() override {
    ServerFixture::SetUp();
    options_.contract.max_samples = 64;
    StartServer();
  }
};

TEST_F(RequestsTest, AMarketGetsACertifiedMenu) {
  v1::GenerateContractResponse response;
  const grpc::Status status = Generate(GoodRequest(), response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.menu_size(), 3);
  const v1::Certificate& certificate = response.certificate();
  EXPECT_EQ(certificate.source(), v1::MENU_SOURCE_GDM);
  EXPECT_GE(certificate.worst_ir_slack(), 0.0);
  EXPECT_GE(certificate.worst_ic_slack(), 0.0);
  EXPECT_NEAR(certificate.utility() + certificate.gap(), certificate.optimal_utility(), 1e-9);
  EXPECT_NEAR(certificate.utility() / certificate.optimal_utility(), certificate.ratio(), 1e-12);
  EXPECT_EQ(response.model().name(), "screening");
  EXPECT_EQ(response.model().version(), 1);
  EXPECT_EQ(response.model().digest().size(), 64U);
  EXPECT_GT(response.timings().total_ns(), 0);
}

TEST_F(RequestsTest, SameSeedSameMenuAcrossConnections) {
  v1::GenerateContractResponse first, second, other;
  ASSERT_TRUE(Generate(GoodRequest(), first).ok());
  channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials());
  stub_ = v1::ContractService::NewStub(channel_);
  ASSERT_TRUE(Generate(GoodRequest(), second).ok());
  v1::GenerateContractRequest request = GoodRequest();
  request.set_seed(77);
  ASSERT_TRUE(Generate(request, other).ok());
  const auto rewards = [](const v1::GenerateContractResponse& response) {
    std::vector<std::int64_t> all;
    for (const v1::ContractItem& item : response.menu()) all.push_back(item.reward_micros());
    return all;
  };
  EXPECT_EQ(rewards(first), rewards(second));
  EXPECT_NE(rewards(first), rewards(other));
}

TEST_F(RequestsTest, BadInputNamesTheFieldOnTheWire) {
  v1::GenerateContractRequest request = GoodRequest();
  request.mutable_screening()->set_cost_types(1, 0.3);
  v1::GenerateContractResponse response;
  const grpc::Status status = Generate(request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), testing::HasSubstr("market.screening.cost_types[1]: got 0.3, want"));
}

TEST_F(RequestsTest, AnUnknownModelIsNotFound) {
  v1::GenerateContractRequest request = GoodRequest();
  request.set_model_name("missing");
  v1::GenerateContractResponse response;
  EXPECT_EQ(Generate(request, response).error_code(), grpc::StatusCode::NOT_FOUND);
  request = GoodRequest();
  request.set_model_version(5);
  EXPECT_EQ(Generate(request, response).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(RequestsTest, AnOversizeMessageIsRefusedAndTheServerGoesOn) {
  v1::GenerateContractRequest request = GoodRequest();
  request.set_model_name(std::string(100'000, 'x'));
  v1::GenerateContractResponse response;
  EXPECT_EQ(Generate(request, response).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(Generate(GoodRequest(), response).ok());
}

TEST_F(RequestsTest, BytesThatAreNoMessageAreRefusedAndTheServerGoesOn) {
  const grpc::Slice garbage("\xff\xff\xff\xff not a protobuf");
  grpc::ByteBuffer request(&garbage, 1), reply;
  grpc::ClientContext context;
  const grpc::internal::RpcMethod method("/giot.v1.ContractService/GenerateContract",
                                         grpc::internal::RpcMethod::NORMAL_RPC);
  const grpc::Status status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      channel_.get(), method, &context, request, &reply);
  EXPECT_FALSE(status.ok());
  v1::GenerateContractResponse response;
  EXPECT_TRUE(Generate(GoodRequest(), response).ok());
}

TEST_F(RequestsTest, AnExpiredDeadlineIsReported) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() - std::chrono::seconds(1));
  v1::GenerateContractResponse response;
  EXPECT_EQ(stub_->GenerateContract(&context, GoodRequest(), &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(RequestsTest, ACancelledCallIsReportedAndTheServerGoesOn) {
  grpc::ClientContext context;
  context.TryCancel();
  v1::GenerateContractResponse response;
  EXPECT_EQ(stub_->GenerateContract(&context, GoodRequest(), &response).error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_TRUE(Generate(GoodRequest(), response).ok());
}

TEST_F(RequestsTest, ConcurrentClientsAllGetTheirOwnAnswers) {
  constexpr int kClients = 8;
  constexpr int kCalls = 50;
  std::atomic<int> right = 0;
  std::vector<std::thread> clients;
  for (int client = 0; client < kClients; ++client) {
    clients.emplace_back([this, client, &right] {
      for (int call = 0; call < kCalls; ++call) {
        v1::GenerateContractRequest request = GoodRequest();
        request.mutable_screening()->set_vehicles(client + 1);
        v1::GenerateContractResponse response;
        if (!Generate(request, response).ok()) continue;
        v1::GenerateContractResponse alone;
        request.mutable_screening()->set_vehicles(1);
        if (!Generate(request, alone).ok()) continue;
        const double scaled = (client + 1) * alone.certificate().optimal_utility();
        if (std::abs(response.certificate().optimal_utility() - scaled) < 1e-9 * scaled) ++right;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(right, kClients * kCalls);
}

TEST_F(RequestsTest, ModelsAreListedWithTheirState) {
  grpc::ClientContext context;
  v1::ListModelsResponse response;
  ASSERT_TRUE(stub_->ListModels(&context, {}, &response).ok());
  ASSERT_EQ(response.models_size(), 1);
  EXPECT_TRUE(response.models(0).ready());
  EXPECT_TRUE(response.models(0).is_default());
  EXPECT_EQ(response.models(0).identity().name(), "screening");
}

TEST_F(ServerFixture, OnlyOneServerGetsAPort) {
  StartServer();
  options_.listen = "127.0.0.1:" + std::to_string(server_->port());
  EXPECT_EQ(Server::Start(options_).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(ServerFixture, RefusesWhatExceedsItsConcurrencyAndSaysWhenToComeBack) {
  options_.contract.max_concurrent = 1;
  StartServer();
  v1::GenerateContractRequest slow = GoodRequest();
  slow.set_samples(4096);
  std::atomic<bool> stop = false;
  std::thread busy([&] {
    while (!stop) {
      v1::GenerateContractResponse response;
      Generate(slow, response);
    }
  });
  grpc::Status refused;
  for (int tries = 0; tries < 10'000 && refused.ok(); ++tries) {
    v1::GenerateContractResponse response;
    refused = Generate(GoodRequest(), response);
  }
  stop = true;
  busy.join();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(refused.error_details(), testing::HasSubstr("google.rpc.RetryInfo"));
}

}  // namespace
}  // namespace giot::server
