#include "client/contract_client.h"

#include <atomic>
#include <memory>
#include <random>

#include "absl/time/clock.h"
#include "client/conversion.h"
#include "client/verify.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "models/contract/market_sampler.h"
#include "tests/client/fake_clock.h"
#include "tests/client/fake_contract_server.h"

namespace giot::client {
namespace {

contract::ScreeningMarket SomeMarket(int seed) {
  std::mt19937_64 random(static_cast<std::uint64_t>(seed));
  return contract::SampleMarket({}, random);
}

v1::GenerateContractRequest RequestFor(const contract::ScreeningMarket& market) {
  v1::GenerateContractRequest request;
  *request.mutable_screening() = ToProto(market);
  return request;
}

// A client whose waits take no time.
struct PatientClient {
  explicit PatientClient(const FakeContractServer& server)
      : clock(absl::Now()),
        client(grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()), {}, clock) {}
  FakeClock clock;
  ContractClient client;
};

TEST(ContractClientTest, BringsBackAMenuWhoseCertificateHolds) {
  FakeContractServer server;
  ContractClient client(server.address());
  for (int seed = 0; seed < 20; ++seed) {
    const contract::ScreeningMarket market = SomeMarket(seed);
    const auto reply = client.GenerateContract(RequestFor(market));
    ASSERT_TRUE(reply.ok()) << reply.status();
    EXPECT_TRUE(VerifyCertificate(market, *reply).ok()) << VerifyCertificate(market, *reply);
  }
}

TEST(ContractClientTest, PassesOnTheServersError) {
  FakeContractServer server;
  ContractClient client(server.address());
  v1::GenerateContractRequest request = RequestFor(SomeMarket(1));
  request.mutable_screening()->set_value_rate(-1.0);
  EXPECT_EQ(client.GenerateContract(request).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(ContractClientTest, WaitsAsAskedAndTriesAgain) {
  std::atomic<int> calls = 0;
  FakeContractServer server([&](auto& context, const auto& request, auto& reply) {
    return ++calls == 1 ? AnswerOverloaded(700) : AnswerHonestly(context, request, reply);
  });
  PatientClient patient(server);
  const auto reply = patient.client.GenerateContract(RequestFor(SomeMarket(1)));
  EXPECT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(calls, 2);
  ASSERT_EQ(patient.clock.sleeps().size(), 1u);
  EXPECT_GE(patient.clock.sleeps()[0], absl::Milliseconds(700));
}

TEST(ContractClientTest, AnOversizeRefusalIsNotRepeated) {
  std::atomic<int> calls = 0;
  FakeContractServer server([&](auto&, const auto&, auto&) {
    ++calls;
    return grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "message larger than max");
  });
  PatientClient patient(server);
  EXPECT_EQ(patient.client.GenerateContract(RequestFor(SomeMarket(1))).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(calls, 1);
}

TEST(ContractClientTest, NobodyThereIsUnavailable) {
  std::string address;
  {
    const FakeContractServer server;
    address = server.address();
  }
  ContractClient client(address);
  EXPECT_EQ(client.ListModels().status().code(), absl::StatusCode::kUnavailable);
}

TEST(ContractClientTest, ASlowServerRunsIntoTheDeadline) {
  FakeContractServer server([](grpc::ServerContext& context, const auto&, auto&) {
    // Bounded by the caller's deadline.
    while (!context.IsCancelled()) absl::SleepFor(absl::Milliseconds(1));
    return grpc::Status::CANCELLED;
  });
  ContractClientOptions options;
  options.timeout = absl::Milliseconds(50);
  ContractClient client(server.address(), options);
  EXPECT_EQ(client.GenerateContract(RequestFor(SomeMarket(1))).status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(ContractClientTest, ListsModels) {
  FakeContractServer server;
  ContractClient client(server.address());
  const auto models = client.ListModels();
  ASSERT_TRUE(models.ok()) << models.status();
  ASSERT_EQ(models->models_size(), 1);
  EXPECT_EQ(models->models(0).identity().version(), 7);
}

TEST(ContractClientTest, HealthIsWhatTheServerSays) {
  FakeContractServer server;
  ContractClient client(server.address());
  EXPECT_TRUE(client.CheckHealth().ok());
  EXPECT_EQ(client.CheckHealth("no.such.Service").code(), absl::StatusCode::kNotFound);
  server.SetServing(false);
  EXPECT_EQ(client.CheckHealth().code(), absl::StatusCode::kUnavailable);
}

TEST(ContractStreamTest, AnswersInOrderAndSurvivesABadRequest) {
  FakeContractServer server;
  ContractClient client(server.address());
  ContractStream stream = client.OpenStream(absl::Seconds(10));
  v1::GenerateContractRequest bad = RequestFor(SomeMarket(2));
  bad.mutable_screening()->clear_probabilities();
  ASSERT_TRUE(stream.Send(11, RequestFor(SomeMarket(1))).ok());
  ASSERT_TRUE(stream.Send(12, bad).ok());
  ASSERT_TRUE(stream.Send(13, RequestFor(SomeMarket(3))).ok());
  stream.CloseSending();

  const auto first = stream.Receive();
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->request_id, 11u);
  ASSERT_TRUE(first->result.ok());
  EXPECT_TRUE(VerifyCertificate(SomeMarket(1), *first->result).ok());
  const auto second = stream.Receive();
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->request_id, 12u);
  EXPECT_EQ(second->result.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(stream.Receive()->request_id, 13u);
  EXPECT_EQ(stream.Receive().status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(stream.Receive().status().code(), absl::StatusCode::kOutOfRange);
}

TEST(ContractStreamTest, MayBeAbandonedWithRepliesOutstanding) {
  FakeContractServer server;
  ContractClient client(server.address());
  ContractStream stream = client.OpenStream(absl::Seconds(10));
  EXPECT_TRUE(stream.Send(1, RequestFor(SomeMarket(1))).ok());
}

TEST(ContractStreamTest, EndsWithItsLifetime) {
  FakeContractServer server;
  ContractClient client(server.address());
  ContractStream stream = client.OpenStream(absl::Milliseconds(20));
  EXPECT_EQ(stream.Receive().status().code(), absl::StatusCode::kDeadlineExceeded);
}

}  // namespace
}  // namespace giot::client
