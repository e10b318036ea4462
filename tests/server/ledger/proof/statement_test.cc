#include "server/ledger/proof/statement.h"

#include <string>

#include "gtest/gtest.h"
#include "server/ledger/proof/transaction.h"
#include "tests/server/ledger/proof/typical_transactions.h"

namespace giot::ledger {
namespace {

std::string Part(std::string_view bytes) {
  return std::string("\0\0\0", 3) + static_cast<char>(bytes.size()) + std::string(bytes);
}

TEST(StatementTest, AFrameHasEachPartsLengthBeforeIt) {
  EXPECT_EQ(HexOf(Frame({"ab", "", "c"})),
            "00000002"
            "6162"
            "00000000"
            "00000001"
            "63");
  EXPECT_EQ(HexOf(Frame({std::string(0x01020304, 'x')}).substr(0, 6)), "010203047878");
  EXPECT_EQ(Frame({}), "");
}

TEST(StatementTest, StatementsAreTheFramesOfTheFormat) {
  const PublicKey vehicle = KeyOf(kVehicle).public_key();
  const std::string delivery = Part(DigestBytes(1)) + Part(BytesOf(vehicle)) + Part(DigestBytes(2));
  EXPECT_EQ(TransactionStatement("c", "body"), Part("giot.ledger.transaction.v1") + Part("c") + Part("body"));
  EXPECT_EQ(ReceiptStatement("c", DigestOf(1), vehicle, DigestOf(2), 258),
            Part("giot.ledger.receipt.v1") + Part("c") + delivery + Part(std::string("\0\0\0\0\0\0\1\2", 8)));
  EXPECT_EQ(AvailabilityStatement("c", DigestOf(1), vehicle, DigestOf(2)),
            Part("giot.ledger.availability.v1") + Part("c") + delivery);
  EXPECT_EQ(PossessionStatement("c", v1::KEY_ROLE_MINT, vehicle), Part("giot.ledger.possession.v1") + Part("c") +
                                                                      Part(std::string("\0\0\0\0\0\0\0\4", 8)) +
                                                                      Part(BytesOf(vehicle)));
}

TEST(StatementTest, ApprovalsCoverTheMessageWithoutThemselves) {
  v1::RegisterOperator registration;
  registration.set_bond_micros(5);
  v1::RotateKey rotation;
  rotation.set_approve_by_us(7);
  const PublicKey key = KeyOf(kOperator).public_key();
  const std::string head = Part("giot.ledger.approval.v1") + Part("c");
  const std::string of_registration = head + Part("register") + Part(BytesOf(key)) + Part("\x18\x05");
  const std::string of_rotation = head + Part("rotate") + Part("") + Part("\x28\x07");
  EXPECT_EQ(ApprovalStatement("c", key, registration), of_registration);
  EXPECT_EQ(ApprovalStatement("c", rotation), of_rotation);
  registration.add_approvals()->set_key("k");
  rotation.add_approvals()->set_key("k");
  EXPECT_EQ(ApprovalStatement("c", key, registration), of_registration);
  EXPECT_EQ(ApprovalStatement("c", rotation), of_rotation);
}

TEST(StatementTest, ChainIdsAreShortAndOfFewCharacters) {
  EXPECT_TRUE(IsChainId("example.com/giot/road-17"));
  EXPECT_TRUE(IsChainId("a"));
  EXPECT_TRUE(IsChainId(std::string(48, 'z')));
  for (const std::string& text :
       {std::string(), std::string(49, 'z'), std::string("A"), std::string("a b"), std::string("a+b"),
        std::string("a\n"), std::string("a_b"), std::string("\xc3\xa8")}) {
    EXPECT_FALSE(IsChainId(text)) << text;
  }
}

}  // namespace
}  // namespace giot::ledger
