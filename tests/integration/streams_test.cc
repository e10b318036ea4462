// StreamContracts over loopback.

#include <memory>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/integration/server_fixture.h"
#include "tests/server/market.h"

namespace giot::server {
namespace {

class StreamsTest : public ServerFixture {
 protected:
  void SetUp() override {
    ServerFixture::SetUp();
    options_.contract.max_streams = 2;
    StartServer();
  }

  static v1::StreamContractsRequest Numbered(std::uint64_t id) {
    v1::StreamContractsRequest request;
    request.set_request_id(id);
    *request.mutable_request() = GoodRequest();
    return request;
  }
};

TEST_F(StreamsTest, AnswersInOrderAndGoesOnAfterABadRequest) {
  grpc::ClientContext context;
  const auto stream = stub_->StreamContracts(&context);
  for (std::uint64_t id = 0; id < 20; ++id) {
    v1::StreamContractsRequest request = Numbered(id);
    if (id % 5 == 3) request.mutable_request()->mutable_screening()->set_value_rate(-1.0);
    ASSERT_TRUE(stream->Write(request));
  }
  stream->WritesDone();
  v1::StreamContractsResponse response;
  for (std::uint64_t id = 0; id < 20; ++id) {
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_EQ(response.request_id(), id);
    if (id % 5 == 3) {
      EXPECT_EQ(response.error().code(), static_cast<int>(grpc::StatusCode::INVALID_ARGUMENT));
      EXPECT_THAT(response.error().message(), testing::StartsWith("market.screening.value_rate: got -1"));
    } else {
      EXPECT_EQ(response.response().menu_size(), 3);
    }
  }
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(StreamsTest, GivesTheMenuOfTheUnaryCall) {
  grpc::ClientContext context;
  const auto stream = stub_->StreamContracts(&context);
  ASSERT_TRUE(stream->Write(Numbered(1)));
  v1::StreamContractsResponse streamed;
  ASSERT_TRUE(stream->Read(&streamed));
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  v1::GenerateContractResponse unary;
  ASSERT_TRUE(Generate(GoodRequest(), unary).ok());
  for (int k = 0; k < 3; ++k) {
    EXPECT_EQ(streamed.response().menu(k).reward_micros(), unary.menu(k).reward_micros());
  }
}

TEST_F(StreamsTest, ACancelledStreamLeavesTheServerServing) {
  {
    grpc::ClientContext context;
    const auto stream = stub_->StreamContracts(&context);
    ASSERT_TRUE(stream->Write(Numbered(1)));
    context.TryCancel();
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  v1::GenerateContractResponse unary;
  EXPECT_TRUE(Generate(GoodRequest(), unary).ok());
}

TEST_F(StreamsTest, OneStreamTooManyIsRefused) {
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReaderWriter<v1::StreamContractsRequest, v1::StreamContractsResponse>>> open;
  v1::StreamContractsResponse response;
  for (int i = 0; i < 2; ++i) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    open.push_back(stub_->StreamContracts(contexts.back().get()));
    ASSERT_TRUE(open.back()->Write(Numbered(1)));
    ASSERT_TRUE(open.back()->Read(&response));
  }
  grpc::ClientContext context;
  EXPECT_EQ(stub_->StreamContracts(&context)->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  for (const auto& stream : open) {
    stream->WritesDone();
    EXPECT_TRUE(stream->Finish().ok());
  }
}

TEST_F(StreamsTest, ShutdownEndsAnIdleStreamAtOnce) {
  grpc::ClientContext context;
  const auto stream = stub_->StreamContracts(&context);
  v1::StreamContractsResponse response;
  ASSERT_TRUE(stream->Write(Numbered(1)));
  ASSERT_TRUE(stream->Read(&response));
  server_->Shutdown(absl::Seconds(60));  // Would wait for it.
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace giot::server
