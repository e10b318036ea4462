#include "client/programs/message_json.h"

#include <string>

#include "giot/ledger/v1/ledger.pb.h"
#include "giot/v1/settlement.pb.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace giot::client {
namespace {

TEST(JsonWithHexOfTest, HasBytesInHexAtEveryDepth) {
  v1::GetLedgerResponse message;
  message.set_chain_id("ff");  // A string stays one.
  message.set_operator_key(std::string("\x0a\xff", 2));
  message.mutable_parameters()->set_mint(std::string("\x01", 1));
  message.mutable_parameters()->add_auditors(std::string("\x02\x03", 2));
  message.set_height(7);
  const auto json = nlohmann::json::parse(JsonWithHexOf(message));
  EXPECT_EQ(json["chain_id"], "ff");
  EXPECT_EQ(json["operator_key"], "0aff");
  EXPECT_EQ(json["parameters"]["mint"], "01");
  EXPECT_EQ(json["parameters"]["auditors"][0], "0203");
  EXPECT_EQ(json["height"], "7");  // As Protobuf has numbers of 64 bits.
}

TEST(JsonWithHexOfTest, HasAChainIdAsText) {
  ledger::v1::Body message;
  message.set_chain_id("example.com/giot");
  message.set_nonce("ab");
  const auto json = nlohmann::json::parse(JsonWithHexOf(message));
  EXPECT_EQ(json["chain_id"], "example.com/giot");
  EXPECT_EQ(json["nonce"], "6162");
  message.set_chain_id("\x01\xff");
  EXPECT_EQ(nlohmann::json::parse(JsonWithHexOf(message))["chain_id"], "01ff");
}

TEST(JsonWithHexOfTest, ReachesMessagesInLists) {
  v1::ListTasksResponse message;
  message.add_tasks()->set_id(std::string("\x10", 1));
  EXPECT_EQ(nlohmann::json::parse(JsonWithHexOf(message))["tasks"][0]["id"], "10");
}

}  // namespace
}  // namespace giot::client
