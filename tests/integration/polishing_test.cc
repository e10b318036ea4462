// Requests that polish for long: deadlines, cancellation, and how many at once. One
// is let in here, so that one which the server does not give up would keep all
// others out.
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "client/contract_client.h"
#include "client/verify.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "tests/integration/running_server.h"
#include "tests/server/market.h"

namespace giot::integration {
namespace {

using absl::StatusCode;

server::ServerOptions OneAtATime() {
  server::ServerOptions options = PolicyServing();
  options.model_root = ModelsOfAllFamilies();
  options.contract.max_polishing = 1;
  options.contract.max_polish = absl::Hours(1);
  return options;
}

v1::GenerateContractRequest Polishing(v1::GenerateContractRequest request, std::chrono::microseconds time) {
  request.set_time_budget_us(time.count());
  return request;
}

v1::GenerateContractRequest Endless() { return Polishing(UncertainRequest(), std::chrono::hours(1)); }
v1::GenerateContractRequest Short() { return Polishing(FreshnessRequest(), std::chrono::milliseconds(1)); }

client::ContractClientOptions Attempts(int attempts, absl::Duration timeout = absl::Seconds(30)) {
  client::ContractClientOptions options;
  options.timeout = timeout;
  options.retry.max_attempts = attempts;
  return options;
}

constexpr int kUntilDone = 10'000;

// A call that polishes until it is cancelled.
class EndlessCall {
 public:
  explicit EndlessCall(const std::string& address)
      : stub_(v1::ContractService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))) {
    caller_ = std::thread([this] {
      v1::GenerateContractResponse reply;
      status_ = stub_->GenerateContract(&context_, Endless(), &reply);
    });
  }
  ~EndlessCall() {
    if (caller_.joinable()) CancelAndJoin();
  }

  grpc::StatusCode CancelAndJoin() {
    context_.TryCancel();
    caller_.join();
    return status_.error_code();
  }

 private:
  std::unique_ptr<v1::ContractService::Stub> stub_;
  grpc::ClientContext context_;
  grpc::Status status_;
  std::thread caller_;
};

// Calls that take the only place of a server, once made, until they are cancelled.
class Occupation {
 public:
  // A probe may itself keep an endless call out, so these are sent until one got in.
  explicit Occupation(const std::string& address) {
    client::ContractClient probe(address, Attempts(1));
    for (int tries = 0; tries < kUntilDone && refusal_.ok(); ++tries) {
      if (tries % 100 == 0) calls_.push_back(std::make_unique<EndlessCall>(address));
      refusal_ = probe.GenerateContract(Short()).status();
    }
  }

  // What the probe got that found the place taken.
  const absl::Status& refusal() const { return refusal_; }

  // How many calls had a place, and ended because they were cancelled.
  int Cancel() {
    int cancelled = 0;
    for (const auto& call : calls_) cancelled += call->CancelAndJoin() == grpc::StatusCode::CANCELLED ? 1 : 0;
    return cancelled;
  }

 private:
  std::vector<std::unique_ptr<EndlessCall>> calls_;
  absl::Status refusal_;
};

TEST(PolishingTest, TheAnswerIsThereBeforeTheCallsDeadline) {
  const RunningServer server(OneAtATime());
  client::ContractClient client(server.address(), Attempts(1, absl::Seconds(2)));
  for (const v1::GenerateContractRequest& market : {UncertainRequest(), FreshnessRequest()}) {
    const v1::GenerateContractRequest request = Polishing(market, std::chrono::hours(1));
    const auto reply = client.GenerateContract(request);
    ASSERT_TRUE(reply.ok()) << reply.status();
    EXPECT_TRUE(client::VerifyCertificate(request, *reply).ok());
    EXPECT_GT(reply->timings().policy_ns(), 1'000'000'000);
  }
}

TEST(PolishingTest, WhatComesOnTopIsRefusedAndFastRequestsGetThrough) {
  const RunningServer server(OneAtATime());
  client::ContractClient probe(server.address(), Attempts(1));
  Occupation occupation(server.address());
  EXPECT_EQ(occupation.refusal().code(), StatusCode::kResourceExhausted) << occupation.refusal();
  EXPECT_THAT(std::string(occupation.refusal().message()), testing::HasSubstr("polish"));
  for (const v1::GenerateContractRequest& request : {GoodRequest(), UncertainRequest(), FreshnessRequest()}) {
    const auto reply = probe.GenerateContract(request);
    EXPECT_TRUE(reply.ok()) << reply.status();
  }
  // A search takes as long.
  v1::GenerateContractRequest outside = UncertainRequest();
  outside.mutable_uncertain()->set_value_rate(5000.0);
  EXPECT_EQ(probe.GenerateContract(outside).status().code(), StatusCode::kResourceExhausted);
  EXPECT_GE(occupation.Cancel(), 1);
}

TEST(PolishingTest, ARefusalSaysWhenToComeBack) {
  const RunningServer server(OneAtATime());
  const Occupation occupation(server.address());
  ASSERT_EQ(occupation.refusal().code(), StatusCode::kResourceExhausted) << occupation.refusal();
  const auto stub =
      v1::ContractService::NewStub(grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  v1::GenerateContractResponse reply;
  const grpc::Status status = stub->GenerateContract(&context, Short(), &reply);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_details(), testing::HasSubstr("google.rpc.RetryInfo"));
}

TEST(PolishingTest, ACancelledCallGivesItsPlaceBack) {
  const RunningServer server(OneAtATime());
  Occupation occupation(server.address());
  ASSERT_EQ(occupation.refusal().code(), StatusCode::kResourceExhausted) << occupation.refusal();
  EXPECT_GE(occupation.Cancel(), 1);
  client::ContractClient patient(server.address(), Attempts(kUntilDone));
  const auto reply = patient.GenerateContract(Short());
  EXPECT_TRUE(reply.ok()) << reply.status();
}

TEST(PolishingTest, ABrokenStreamGivesItsPlaceBack) {
  const RunningServer server(OneAtATime());
  client::ContractClient probe(server.address(), Attempts(1));
  {
    client::ContractStream stream = probe.OpenStream(absl::Seconds(60));
    absl::Status refusal;
    for (int tries = 0; tries < kUntilDone && refusal.ok(); ++tries) {
      const bool sent = tries % 100 != 0 || stream.Send(1, Endless()).ok();
      ASSERT_TRUE(sent);
      refusal = probe.GenerateContract(Short()).status();
    }
    ASSERT_EQ(refusal.code(), StatusCode::kResourceExhausted) << refusal;
  }
  client::ContractClient patient(server.address(), Attempts(kUntilDone));
  const auto reply = patient.GenerateContract(Short());
  EXPECT_TRUE(reply.ok()) << reply.status();
}

TEST(PolishingTest, OneClientMayPolishAgainAtOnce) {
  const RunningServer server(OneAtATime());
  client::ContractClient client(server.address(), Attempts(1));
  for (int call = 0; call < 100; ++call) {
    const auto reply = client.GenerateContract(Short());
    ASSERT_TRUE(reply.ok()) << "call " << call << ": " << reply.status();
  }
}

TEST(PolishingTest, ShutdownEndsWhatPolishesAfterItsTime) {
  RunningServer server(OneAtATime());
  const Occupation occupation(server.address());
  ASSERT_EQ(occupation.refusal().code(), StatusCode::kResourceExhausted) << occupation.refusal();
  server.server().Shutdown(absl::Milliseconds(50));  // Would wait an hour.
}

}  // namespace
}  // namespace giot::integration
