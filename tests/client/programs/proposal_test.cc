#include "client/programs/proposal.h"

#include <string>

#include "client/settlement/transactions.h"
#include "gtest/gtest.h"
#include "server/ledger/proof/statement.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::client {
namespace {

const std::string kChain(ledger::kChainId);

Wallet WalletOf(std::uint8_t key) { return {ledger::KeyOf(key), kChain}; }

ledger::v1::Body SomeRotation() {
  ledger::v1::RotateKey message;
  message.set_role(ledger::v1::KEY_ROLE_AUDITOR);
  message.set_approve_by_us(5);
  return RotateKeyBody(message);
}

ledger::v1::Body SomeRegistration() {
  ledger::v1::RegisterOperator message;
  message.set_bond_micros(5);
  ledger::v1::Body body = RegisterOperatorBody(message);
  body.set_signer(std::string(ledger::BytesOf(WalletOf(10).key())));
  return body;
}

bool Verifies(const ledger::v1::KeySignature& approval, const std::string& statement) {
  ledger::PublicKey key{};
  ledger::Signature signature{};
  return ledger::FromBytes(approval.key(), key) && ledger::FromBytes(approval.signature(), signature) &&
         ledger::Verify(key, statement, signature);
}

TEST(ProposalTest, ComesBackFromItsBytes) {
  for (const ledger::v1::Body& body : {SomeRotation(), SomeRegistration()}) {
    const auto read = ParseProposal(ProposalBytes(body, kChain), kChain);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(ProposalBytes(*read, kChain), ProposalBytes(body, kChain));
  }
}

TEST(ProposalTest, RefusesWhatIsNone) {
  const std::string bytes = ProposalBytes(SomeRotation(), kChain);
  EXPECT_FALSE(ParseProposal(bytes, "another").ok());
  EXPECT_FALSE(ParseProposal(bytes.substr(1), kChain).ok());
  EXPECT_FALSE(ParseProposal(ProposalBytes(SettleBody({}), kChain), kChain).ok());
  ledger::v1::Body unsigned_registration = SomeRegistration();
  unsigned_registration.clear_signer();
  EXPECT_FALSE(ParseProposal(ProposalBytes(unsigned_registration, kChain), kChain).ok());
}

TEST(ProposalTest, AnApprovalIsOfTheStatement) {
  EXPECT_TRUE(
      Verifies(Approve(WalletOf(4), SomeRotation()), ledger::ApprovalStatement(kChain, SomeRotation().rotate_key())));
  EXPECT_TRUE(Verifies(Approve(WalletOf(4), SomeRegistration()),
                       ledger::ApprovalStatement(kChain, WalletOf(10).key(), SomeRegistration().register_operator())));
}

TEST(ProposalTest, ApprovalsAscendAndAreOfDifferentKeys) {
  const ledger::v1::Body body =
      WithApprovals(SomeRotation(), {Approve(WalletOf(5), SomeRotation()), Approve(WalletOf(4), SomeRotation()),
                                     Approve(WalletOf(5), SomeRotation())});
  ASSERT_EQ(body.rotate_key().approvals_size(), 2);
  EXPECT_LT(body.rotate_key().approvals(0).key(), body.rotate_key().approvals(1).key());
}

TEST(ProposalTest, AnApprovalComesBackFromItsText) {
  const ledger::v1::KeySignature approval = Approve(WalletOf(4), SomeRotation());
  const auto read = ParseKeySignature(KeySignatureText(approval));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->signature(), approval.signature());
  for (const char* text : {"", ":", "00:00", "xyz"}) EXPECT_FALSE(ParseKeySignature(text).ok()) << text;
}

}  // namespace
}  // namespace giot::client
