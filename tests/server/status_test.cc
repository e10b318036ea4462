#include "server/rpc/status.h"

#include "giot/v1/error_details.pb.h"
#include "gtest/gtest.h"

namespace giot::rpc {
namespace {

TEST(ToGrpcTest, KeepsCodeAndMessage) {
  const grpc::Status status = ToGrpc(absl::NotFoundError("no such model"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(status.error_message(), "no such model");
  EXPECT_TRUE(status.error_details().empty());
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
}

TEST(ToGrpcTest, SaysWhenToComeBackWhenOverloaded) {
  const grpc::Status status = ToGrpc(absl::ResourceExhaustedError("full"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  v1::RpcStatus details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), 8);
  ASSERT_EQ(details.details_size(), 1);
  EXPECT_EQ(details.details(0).type_url(), "type.googleapis.com/google.rpc.RetryInfo");
  v1::RetryInfo retry;
  ASSERT_TRUE(retry.ParseFromString(details.details(0).value()));
  EXPECT_EQ(absl::Nanoseconds(retry.retry_delay().nanos()), kRetryDelay);
}

TEST(CheckMessageSizeTest, TakesWhatIsAtTheLimit) { EXPECT_TRUE(CheckMessageSize(100, 100).ok()); }

TEST(ToGrpcTest, WhatIsTooLargeIsNotAskedToComeBack) {
  const grpc::Status status = ToGrpc(CheckMessageSize(101, 100));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(status.error_details(), "");
}

}  // namespace
}  // namespace giot::rpc
