// Deadlines, cancellation and overload. One request at a time is computed here,
// so a call that the server does not give up would keep all others out.
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "client/contract_client.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "tests/integration/running_server.h"
#include "tests/server/market.h"

namespace giot::integration {
namespace {

using absl::StatusCode;

constexpr int kEndless = 100'000'000;  // Samples that take minutes.

server::ServerOptions OneAtATime() {
  server::ServerOptions options = PolicyServing();
  options.contract.max_concurrent = 1;
  options.contract.max_samples = kEndless;
  return options;
}

v1::GenerateContractRequest EndlessRequest() {
  v1::GenerateContractRequest request = GoodRequest();
  request.set_samples(kEndless);
  return request;
}

client::ContractClientOptions Patient(absl::Duration timeout = absl::Seconds(20)) {
  client::ContractClientOptions options;
  options.timeout = timeout;
  options.retry.max_attempts = 10'000;
  return options;
}

client::ContractClientOptions Impatient(absl::Duration timeout = absl::Seconds(20)) {
  client::ContractClientOptions options;
  options.timeout = timeout;
  options.retry.max_attempts = 1;
  return options;
}

// Returns once the server computes the endless request, which keeps others out.
void AwaitOverload(client::ContractClient& probe) {
  absl::Status status;
  for (int tries = 0; tries < 100'000 && status.code() != StatusCode::kResourceExhausted; ++tries) {
    status = probe.GenerateContract(GoodRequest()).status();
  }
  ASSERT_EQ(status.code(), StatusCode::kResourceExhausted) << status;
}

TEST(LimitsTest, AnExpiredCallIsGivenUp) {
  const RunningServer server(OneAtATime());
  client::ContractClient hurried(server.address(), Impatient(absl::Milliseconds(200)));
  client::ContractClient patient(server.address(), Patient());
  EXPECT_EQ(hurried.GenerateContract(EndlessRequest()).status().code(), StatusCode::kDeadlineExceeded);
  const auto reply = patient.GenerateContract(GoodRequest());
  EXPECT_TRUE(reply.ok()) << reply.status();
}

TEST(LimitsTest, ACancelledCallIsGivenUp) {
  const RunningServer server(OneAtATime());
  client::ContractClient probe(server.address(), Impatient());
  const auto stub =
      v1::ContractService::NewStub(grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  grpc::Status status;
  std::thread caller([&] {
    v1::GenerateContractResponse reply;
    status = stub->GenerateContract(&context, EndlessRequest(), &reply);
  });
  AwaitOverload(probe);
  context.TryCancel();
  caller.join();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED);
  client::ContractClient patient(server.address(), Patient());
  const auto reply = patient.GenerateContract(GoodRequest());
  EXPECT_TRUE(reply.ok()) << reply.status();
}

TEST(LimitsTest, ABrokenStreamIsGivenUp) {
  const RunningServer server(OneAtATime());
  client::ContractClient client(server.address(), Impatient());
  {
    client::ContractStream stream = client.OpenStream(absl::Seconds(60));
    ASSERT_TRUE(stream.Send(1, EndlessRequest()).ok());
    AwaitOverload(client);
  }
  client::ContractClient patient(server.address(), Patient());
  const auto reply = patient.GenerateContract(GoodRequest());
  EXPECT_TRUE(reply.ok()) << reply.status();
}

TEST(LimitsTest, ClientsThatHeedRetryInfoAllGetThrough) {
  server::ServerOptions options = PolicyServing();
  options.contract.max_concurrent = 1;
  const RunningServer server(options);
  std::vector<absl::Status> statuses(8);
  std::vector<std::thread> threads;
  for (absl::Status& status : statuses) {
    threads.emplace_back([&server, &status] {
      client::ContractClient client(server.address(), Patient());
      v1::GenerateContractRequest request = GoodRequest();
      request.set_samples(512);
      for (int call = 0; call < 5; ++call) status.Update(client.GenerateContract(request).status());
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& status : statuses) EXPECT_TRUE(status.ok()) << status;
}

}  // namespace
}  // namespace giot::integration
