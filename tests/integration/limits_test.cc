// Deadlines, cancellation and overload. One request at a time is computed here,
// so a call that the server does not give up would keep all others out.
#include <chrono>
#include <functional>
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

// Returns once the server computes an endless request, which keeps others out. A
// probe may itself have kept the request out, so `send_endless` is called until
// one got in.
void AwaitOverload(client::ContractClient& probe, const std::function<void()>& send_endless) {
  absl::Status status;
  for (int tries = 0; tries < 10'000 && status.code() != StatusCode::kResourceExhausted; ++tries) {
    if (tries % 100 == 0) send_endless();
    status = probe.GenerateContract(GoodRequest()).status();
  }
  ASSERT_EQ(status.code(), StatusCode::kResourceExhausted) << status;
}

// A unary call of the endless request on a thread of its own.
class EndlessCall {
 public:
  explicit EndlessCall(v1::ContractService::Stub* stub) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    caller_ = std::thread([this, stub] {
      v1::GenerateContractResponse reply;
      status_ = stub->GenerateContract(&context_, EndlessRequest(), &reply);
    });
  }

  grpc::StatusCode CancelAndJoin() {
    context_.TryCancel();
    caller_.join();
    return status_.error_code();
  }

 private:
  grpc::ClientContext context_;
  grpc::Status status_;
  std::thread caller_;
};

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
  std::vector<std::unique_ptr<EndlessCall>> calls;
  AwaitOverload(probe, [&] { calls.push_back(std::make_unique<EndlessCall>(stub.get())); });
  int cancelled = 0;
  for (const auto& call : calls) cancelled += call->CancelAndJoin() == grpc::StatusCode::CANCELLED ? 1 : 0;
  EXPECT_GE(cancelled, 1);
  client::ContractClient patient(server.address(), Patient());
  const auto reply = patient.GenerateContract(GoodRequest());
  EXPECT_TRUE(reply.ok()) << reply.status();
}

TEST(LimitsTest, ABrokenStreamIsGivenUp) {
  const RunningServer server(OneAtATime());
  client::ContractClient client(server.address(), Impatient());
  {
    client::ContractStream stream = client.OpenStream(absl::Seconds(60));
    AwaitOverload(client, [&stream] { ASSERT_TRUE(stream.Send(1, EndlessRequest()).ok()); });
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
