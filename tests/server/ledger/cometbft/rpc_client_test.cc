#include "server/ledger/cometbft/rpc_client.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <memory>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace giot::ledger {
namespace {

constexpr std::chrono::milliseconds kTimeout{10'000};

// Answers each request with one body.
class RpcClientTest : public testing::Test {
 protected:
  void SetUp() override {
    http_.Post("/", [this](const httplib::Request& request, httplib::Response& response) {
      request_ = request.body;
      response.set_content(answer_, "application/json");
    });
    const int port = http_.bind_to_any_port("127.0.0.1");
    ASSERT_GT(port, 0);
    thread_ = std::thread([this] { http_.listen_after_bind(); });
    absl::StatusOr<std::unique_ptr<RpcClient>> client = RpcClient::Create(absl::StrCat("127.0.0.1:", port), kTimeout);
    ASSERT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
  }
  void TearDown() override {
    client_ = nullptr;  // Else its kept connection is waited for.
    http_.stop();
    thread_.join();
  }
  RpcClient& AnsweredWith(std::string answer) {
    answer_ = std::move(answer);
    return *client_;
  }

  httplib::Server http_;
  std::thread thread_;
  std::unique_ptr<RpcClient> client_;
  std::string answer_;
  std::string request_;
};

TEST_F(RpcClientTest, BroadcastHasCheckTxsAnswer) {
  const auto checked =
      AnsweredWith(R"({"jsonrpc":"2.0","id":1,"result":{"code":6,"data":"","log":"CODE_EXPIRED","hash":"AB"}})")
          .BroadcastTxSync("\1\2\3");
  ASSERT_TRUE(checked.ok()) << checked.status();
  EXPECT_EQ(checked->code, 6u);
  EXPECT_EQ(checked->log, "CODE_EXPIRED");
  EXPECT_FALSE(checked->pooled);
  EXPECT_NE(request_.find(R"("method":"broadcast_tx_sync")"), std::string::npos);
  EXPECT_NE(request_.find(R"("tx":"AQID")"), std::string::npos);
}

TEST_F(RpcClientTest, EnginesErrorsOfABroadcast) {
  const auto error = [&](const std::string& data) {
    return AnsweredWith(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Internal error","data":")" + data +
                        R"("}})")
        .BroadcastTxSync("x");
  };
  EXPECT_TRUE(error("tx already exists in cache")->pooled);
  EXPECT_TRUE(absl::IsResourceExhausted(error("mempool is full: number of txs 1 (max: 1)").status()));
  EXPECT_TRUE(absl::IsResourceExhausted(error("mempool is still rechecking after a new committed block").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(error("Tx too large. Max size is 1, but got 2").status()));
  EXPECT_TRUE(absl::IsAborted(error("something else").status()));
}

TEST_F(RpcClientTest, Status) {
  const auto status = AnsweredWith(R"({"result":{"node_info":{"network":"a/b"},)"
                                   R"("sync_info":{"latest_block_height":"12","catching_up":true}}})")
                          .GetStatus();
  ASSERT_TRUE(status.ok()) << status.status();
  EXPECT_EQ(status->chain_id, "a/b");
  EXPECT_EQ(status->height, 12);
  EXPECT_TRUE(status->catching_up);
}

TEST_F(RpcClientTest, Block) {
  const auto block = AnsweredWith(R"({"result":{"block":{"header":{"height":"3","app_hash":"00FF"},)"
                                  R"("data":{"txs":["AQID","BA=="]}}}})")
                         .BlockAt(3);
  ASSERT_TRUE(block.ok()) << block.status();
  EXPECT_EQ(block->height, 3);
  EXPECT_EQ(block->app_hash, std::string("\0\xff", 2));
  EXPECT_EQ(block->transactions, (std::vector<std::string>{"\1\2\3", "\4"}));
  const auto none =
      AnsweredWith(R"({"error":{"message":"Internal error","data":"height 9 must be less than or equal to )"
                   R"(the current blockchain height 8"}})")
          .BlockAt(9);
  EXPECT_TRUE(absl::IsOutOfRange(none.status()));
}

TEST_F(RpcClientTest, WhatIsNoAnswerIsInternal) {
  for (const char* answer : {"", "no JSON", "[]", "{}", R"({"result":{}})", R"({"result":{"code":"0","log":""}})",
                             R"({"error":1})", R"({"error":{"message":1}})"}) {
    EXPECT_TRUE(absl::IsInternal(AnsweredWith(answer).BroadcastTxSync("x").status())) << answer;
  }
  for (const char* block : {R"({"result":{"block":null}})",
                            R"({"result":{"block":{"header":{"height":"x","app_hash":""},"data":{"txs":[]}}}})",
                            R"({"result":{"block":{"header":{"height":"1","app_hash":""},"data":{"txs":["?"]}}}})"}) {
    EXPECT_TRUE(absl::IsInternal(AnsweredWith(block).BlockAt(1).status())) << block;
  }
}

TEST(RpcClientAddressTest, WantsHostAndPort) {
  for (const char* address : {"", "127.0.0.1", ":1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "a:b"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(RpcClient::Create(address, kTimeout).status())) << address;
  }
}

TEST(RpcClientAddressTest, NobodyListens) {
  const auto client = RpcClient::Create("127.0.0.1:1", kTimeout);
  EXPECT_TRUE(absl::IsUnavailable((*client)->GetStatus().status()));
}

// Somebody accepts the connection, but never answers.
TEST(RpcClientAddressTest, SilenceIsUnknown) {
  httplib::Server silent;  // Bound, listening, and nobody takes the connection.
  const int port = silent.bind_to_any_port("127.0.0.1");
  const auto client = RpcClient::Create(absl::StrCat("127.0.0.1:", port), std::chrono::milliseconds(50));
  EXPECT_TRUE(absl::IsDeadlineExceeded((*client)->BroadcastTxSync("x").status()));
}

}  // namespace
}  // namespace giot::ledger
