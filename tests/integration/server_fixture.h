#pragma once

#include <memory>

#include "giot/v1/contract.grpc.pb.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "tests/integration/running_server.h"

namespace giot::server {

// A server set up by options_ and a stub that calls it directly: what the client
// library would hide shows here.
class ServerFixture : public testing::Test {
 protected:
  void StartServer() {
    running_ = std::make_unique<integration::RunningServer>(options_);
    server_ = &running_->server();
    channel_ = grpc::CreateChannel(running_->address(), grpc::InsecureChannelCredentials());
    stub_ = v1::ContractService::NewStub(channel_);
  }

  grpc::Status Generate(const v1::GenerateContractRequest& request, v1::GenerateContractResponse& response) {
    grpc::ClientContext context;
    return stub_->GenerateContract(&context, request, &response);
  }

  ServerOptions options_ = integration::PolicyServing();
  Server* server_ = nullptr;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::ContractService::Stub> stub_;

 private:
  std::unique_ptr<integration::RunningServer> running_;
};

}  // namespace giot::server
