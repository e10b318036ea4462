#include "client/settlement/wallet.h"

#include <set>
#include <string>
#include <vector>

#include "client/settlement/data_digest.h"
#include "client/settlement/transactions.h"
#include "gtest/gtest.h"
#include "server/ledger/proof/settlement_statement.h"
#include "server/ledger/proof/statement.h"
#include "server/ledger/proof/transaction.h"
#include "tests/server/ledger/test_chain.h"

namespace giot::client {
namespace {

constexpr std::int64_t kNowUs = 1'700'000'000'000'000;

Wallet WalletOf(std::uint8_t key) { return {ledger::KeyOf(key), std::string(ledger::kChainId)}; }

ledger::Signature SignatureIn(const std::string& bytes) {
  ledger::Signature signature{};
  EXPECT_TRUE(ledger::FromBytes(bytes, signature));
  return signature;
}

const ledger::Digest kTask = ledger::Sha256({"task"});
const ledger::Digest kData = ledger::Sha256({"data"});

ledger::v1::DataReceipt Receipt(const Wallet& vehicle) {
  ledger::v1::DataReceipt receipt;
  receipt.set_operator_key(std::string(ledger::BytesOf(ledger::KeyOf(10).public_key())));
  receipt.set_received_us(kNowUs);
  receipt.set_signature(std::string(ledger::BytesOf(
      ledger::KeyOf(10).Sign(ledger::ReceiptStatement(ledger::kChainId, kTask, vehicle.key(), kData, kNowUs)))));
  return receipt;
}

// Every kind of transaction that a client makes, its inner signatures included.
std::vector<ledger::v1::Body> Bodies(const Wallet& wallet) {
  const Wallet other = WalletOf(21);
  ledger::v1::RegisterOperator registration;
  registration.set_checkpoint_key(std::string(ledger::BytesOf(other.key())));
  registration.set_checkpoint_possession(
      std::string(ledger::BytesOf(other.ProvePossession(ledger::v1::KEY_ROLE_CHECKPOINT, wallet.key()))));
  registration.set_bond_micros(1);
  registration.set_approve_by_us(kNowUs);
  for (ledger::v1::KeySignature& approval : ApprovalsInOrder(
           {WalletOf(5).Approve(wallet.key(), registration), WalletOf(4).Approve(wallet.key(), registration)})) {
    *registration.add_approvals() = approval;
  }
  ledger::v1::RotateKey rotation;
  rotation.set_role(ledger::v1::KEY_ROLE_OPERATOR);
  rotation.set_old_key(std::string(ledger::BytesOf(wallet.key())));
  rotation.set_new_key(std::string(ledger::BytesOf(other.key())));
  rotation.set_new_key_possession(
      std::string(ledger::BytesOf(other.ProvePossession(ledger::v1::KEY_ROLE_OPERATOR, wallet.key()))));
  return {AcceptBody(kTask, 0, kData),
          AcceptBody(kTask, 15, kData),
          SubmitBody(kTask, kData, Receipt(wallet)),
          SubmitBody(kTask, kData,
                     {WalletOf(5).Attest(kTask, wallet.key(), kData), WalletOf(4).Attest(kTask, wallet.key(), kData),
                      WalletOf(5).Attest(kTask, wallet.key(), kData)}),
          DisputeBody(kTask),
          SettleBody(kTask),
          SettleBody(kTask, wallet.key()),
          WithdrawBody(1, false, ""),
          WithdrawBody(1, true, "to my bank"),
          DepositBody(wallet.key(), 1, "from my bank"),
          ResolveBody(kTask, wallet.key(), 0),
          RegisterOperatorBody(registration),
          TopUpBondBody(1),
          RotateKeyBody(rotation)};
}

TEST(WalletTest, SealsEveryTransactionAsTheLedgerWantsIt) {
  const Wallet wallet = WalletOf(20);
  for (const ledger::v1::Body& body : Bodies(wallet)) {
    const ledger::OpenedTransaction opened = ledger::OpenTransaction(ledger::kChainId, wallet.Seal(body, kNowUs));
    EXPECT_EQ(opened.envelope_code, ledger::v1::CODE_OK) << body.ShortDebugString();
    EXPECT_EQ(opened.field_code, ledger::v1::CODE_OK) << body.ShortDebugString();
    EXPECT_EQ(opened.signer, wallet.key());
    EXPECT_EQ(opened.body.expires_us(), kNowUs + 300'000'000);
  }
}

TEST(WalletTest, SealsAnotherTransactionEachTime) {
  const Wallet wallet = WalletOf(20);
  const auto id = [&] { return ledger::TransactionId(wallet.Seal(DisputeBody(kTask), kNowUs)); };
  EXPECT_NE(id(), id());
}

TEST(WalletTest, EvidenceOfTwoReceiptsPassesTheLedgersChecks) {
  const Wallet vehicle = WalletOf(20);
  ledger::v1::Evidence evidence;
  evidence.set_kind(ledger::v1::EVIDENCE_KIND_RECEIPTS);
  evidence.set_operator_account(std::string(ledger::BytesOf(ledger::KeyOf(10).public_key())));
  for (const auto& [field, data] : {std::pair{evidence.mutable_first(), kData}, {evidence.mutable_second(), kTask}}) {
    ledger::v1::SignedReceipt receipt;
    receipt.set_task(std::string(ledger::BytesOf(kTask)));
    receipt.set_vehicle(std::string(ledger::BytesOf(vehicle.key())));
    receipt.set_data_digest(std::string(ledger::BytesOf(data)));
    *receipt.mutable_receipt() = Receipt(vehicle);
    receipt.mutable_receipt()->set_signature(std::string(ledger::BytesOf(
        ledger::KeyOf(10).Sign(ledger::ReceiptStatement(ledger::kChainId, kTask, vehicle.key(), data, kNowUs)))));
    *field = ledger::CanonicalBytes(receipt);
  }
  const auto opened = ledger::OpenTransaction(ledger::kChainId, vehicle.Seal(EvidenceBody(evidence), kNowUs));
  EXPECT_EQ(opened.field_code, ledger::v1::CODE_OK);
}

TEST(WalletTest, TheSourceIdIsTheKeyInHex) {
  EXPECT_EQ(WalletOf(20).SourceId(), ledger::HexOf(ledger::BytesOf(ledger::KeyOf(20).public_key())));
}

TEST(WalletTest, ASaltIsTheSameEachTimeAndAnotherForEverythingElse) {
  const Wallet wallet = WalletOf(20);
  EXPECT_EQ(wallet.SaltFor(kTask, kData), wallet.SaltFor(kTask, kData));
  const std::set<ledger::Digest> salts = {wallet.SaltFor(kTask, kData), wallet.SaltFor(kData, kData),
                                          wallet.SaltFor(kTask, kTask), WalletOf(21).SaltFor(kTask, kData),
                                          Wallet(ledger::KeyOf(20), "another").SaltFor(kTask, kData)};
  EXPECT_EQ(salts.size(), 5U);
}

TEST(WalletTest, SignsDeliveriesAndFetches) {
  const Wallet wallet = WalletOf(20);
  EXPECT_TRUE(ledger::Verify(wallet.key(), ledger::DeliveryStatement(ledger::kChainId, kTask, wallet.key(), kData),
                             wallet.SignDelivery(kTask, kData)));
  const ledger::PublicKey vehicle = WalletOf(21).key();
  EXPECT_TRUE(ledger::Verify(wallet.key(), ledger::FetchStatement(ledger::kChainId, kTask, vehicle, kNowUs),
                             wallet.SignFetch(kTask, vehicle, kNowUs)));
}

TEST(WalletTest, SignsCapturesAsItsOwn) {
  const Wallet wallet = WalletOf(20);
  v1::Capture capture;
  capture.set_captured_at_us(kNowUs);
  wallet.SignCapture(kData, capture);
  EXPECT_EQ(capture.source_id(), wallet.SourceId());
  EXPECT_EQ(capture.public_key(), ledger::BytesOf(wallet.key()));
  EXPECT_TRUE(ledger::Verify(wallet.key(), CaptureStatement(capture, kData), SignatureIn(capture.signature())));
}

TEST(WalletTest, AttestsAvailability) {
  const Wallet auditor = WalletOf(4);
  const ledger::PublicKey vehicle = WalletOf(20).key();
  const ledger::v1::KeySignature made = auditor.Attest(kTask, vehicle, kData);
  EXPECT_EQ(made.key(), ledger::BytesOf(auditor.key()));
  EXPECT_TRUE(ledger::Verify(auditor.key(), ledger::AvailabilityStatement(ledger::kChainId, kTask, vehicle, kData),
                             SignatureIn(made.signature())));
}

}  // namespace
}  // namespace giot::client
