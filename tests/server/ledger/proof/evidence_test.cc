#include "server/ledger/proof/evidence.h"

#include <functional>
#include <string>

#include "gtest/gtest.h"
#include "server/ledger/proof/checkpoint.h"
#include "server/ledger/proof/fields.h"
#include "server/ledger/proof/transaction.h"
#include "tests/server/ledger/proof/typical_transactions.h"

namespace giot::ledger {
namespace {

v1::Code CodeOf(const v1::Evidence& evidence) {
  v1::Body body = TypicalBody(v1::Body::kEvidence);
  *body.mutable_evidence() = evidence;
  return CheckFields(kChain, body);
}

v1::Evidence EvidenceOf(v1::EvidenceKind kind, const std::string& first, const std::string& second) {
  v1::Evidence evidence;
  evidence.set_kind(kind);
  evidence.set_operator_account(PublicKeyOf(kOperator));
  evidence.set_first(first);
  evidence.set_second(second);
  if (kind == v1::EVIDENCE_KIND_CHECKPOINTS) evidence.set_checkpoint_key(PublicKeyOf(kCheckpoint));
  return evidence;
}

v1::Code CodeOf(v1::EvidenceKind kind, const std::string& first, const std::string& second) {
  return CodeOf(EvidenceOf(kind, first, second));
}

// Receipts.

std::string ReceiptOf(std::uint8_t task, std::uint8_t vehicle, std::uint8_t data, std::int64_t received_us = 5,
                      std::uint8_t key = kOperator) {
  return CanonicalBytes(
      ReceiptBy(KeyOf(key), DigestOf(task), KeyOf(vehicle).public_key(), DigestOf(data), received_us));
}

v1::Code ReceiptsCode(const std::string& first, const std::string& second) {
  return CodeOf(v1::EVIDENCE_KIND_RECEIPTS, first, second);
}

TEST(EvidenceTest, TwoReceiptsOfOneDeliveryWithDifferentDataContradict) {
  const std::string receipt = ReceiptOf(1, kVehicle, 2);
  EXPECT_EQ(ReceiptsCode(receipt, ReceiptOf(1, kVehicle, 3)), v1::CODE_OK);
  EXPECT_EQ(ReceiptsCode(receipt, ReceiptOf(1, kVehicle, 3, 6)), v1::CODE_OK);
  EXPECT_EQ(ReceiptsCode(receipt, receipt), v1::CODE_NOT_CONTRADICTORY);
  EXPECT_EQ(ReceiptsCode(receipt, ReceiptOf(1, kVehicle, 2, 6)), v1::CODE_NOT_CONTRADICTORY) << "received twice";
  EXPECT_EQ(ReceiptsCode(receipt, ReceiptOf(9, kVehicle, 3)), v1::CODE_NOT_CONTRADICTORY);
  EXPECT_EQ(ReceiptsCode(receipt, ReceiptOf(1, kNewKey, 3)), v1::CODE_NOT_CONTRADICTORY);
}

TEST(EvidenceTest, ReceiptsAreSignedByOneKey) {
  EXPECT_EQ(ReceiptsCode(ReceiptOf(1, kVehicle, 2), ReceiptOf(1, kVehicle, 3, 5, kNewKey)),
            v1::CODE_BAD_INNER_SIGNATURE);
  v1::SignedReceipt forged = ReceiptBy(KeyOf(kOperator), DigestOf(1), KeyOf(kVehicle).public_key(), DigestOf(3), 5);
  forged.set_data_digest(DigestBytes(4));
  EXPECT_EQ(ReceiptsCode(ReceiptOf(1, kVehicle, 2), CanonicalBytes(forged)), v1::CODE_BAD_INNER_SIGNATURE);
  EXPECT_EQ(ReceiptsCode(CanonicalBytes(forged), ReceiptOf(1, kVehicle, 2)), v1::CODE_BAD_INNER_SIGNATURE);
}

TEST(EvidenceTest, WhatIsNoReceiptIsOutOfRange) {
  const std::string right = ReceiptOf(1, kVehicle, 2);
  const auto changed = [](const std::function<void(v1::SignedReceipt&)>& change) {
    v1::SignedReceipt receipt = ReceiptBy(KeyOf(kOperator), DigestOf(1), KeyOf(kVehicle).public_key(), DigestOf(3), 5);
    change(receipt);
    return CanonicalBytes(receipt);
  };
  const std::string forms[] = {
      "",
      right.substr(0, right.size() - 1),
      right + "\xa0\x06\x01",
      changed([](v1::SignedReceipt& receipt) { receipt.clear_task(); }),
      changed([](v1::SignedReceipt& receipt) { receipt.clear_vehicle(); }),
      changed([](v1::SignedReceipt& receipt) { receipt.set_data_digest("short"); }),
      changed([](v1::SignedReceipt& receipt) { receipt.mutable_receipt()->clear_operator_key(); }),
      changed([](v1::SignedReceipt& receipt) { receipt.mutable_receipt()->set_received_us(-1); }),
      changed([](v1::SignedReceipt& receipt) { receipt.mutable_receipt()->clear_signature(); }),
  };
  for (const std::string& form : forms) {
    EXPECT_EQ(ReceiptsCode(right, form), v1::CODE_FIELD_OUT_OF_RANGE);
    EXPECT_EQ(ReceiptsCode(form, right), v1::CODE_FIELD_OUT_OF_RANGE);
  }
}

// Scores.

std::string ScoreOf(const std::function<void(v1::Score&)>& change, std::uint8_t key = kOperator) {
  v1::Body body = TypicalBody(v1::Body::kScore);
  change(*body.mutable_score());
  body.set_signer(PublicKeyOf(key));
  return SealTypical(body);
}

v1::Code ScoresCode(const std::string& first, const std::string& second) {
  return CodeOf(v1::EVIDENCE_KIND_SCORES, first, second);
}

const std::string& TypicalScore() {
  static const std::string score = ScoreOf([](v1::Score&) {});
  return score;
}

TEST(EvidenceTest, TwoScoresOfOneDeliveryThatDifferContradict) {
  const std::string quality = ScoreOf([](v1::Score& score) { score.set_payable_micros(1); });
  EXPECT_EQ(ScoresCode(TypicalScore(), quality), v1::CODE_OK);
  EXPECT_EQ(ScoresCode(TypicalScore(), ScoreOf([](v1::Score& score) { score.set_evidence_digest(DigestBytes(1)); })),
            v1::CODE_OK);
  EXPECT_EQ(ScoresCode(TypicalScore(), TypicalScore()), v1::CODE_NOT_CONTRADICTORY);
  EXPECT_EQ(ScoresCode(TypicalScore(), ScoreOf([](v1::Score& score) { score.set_nonce(DigestBytes(1)); })),
            v1::CODE_NOT_CONTRADICTORY);
  const auto elsewhere = [](v1::Score& score) {
    score.set_payable_micros(1);
    score.set_task(DigestBytes(1));
  };
  EXPECT_EQ(ScoresCode(TypicalScore(), ScoreOf(elsewhere)), v1::CODE_NOT_CONTRADICTORY);
  const auto of_another = [](v1::Score& score) {
    score.set_payable_micros(1);
    score.set_vehicle(PublicKeyOf(kNewKey));
  };
  EXPECT_EQ(ScoresCode(TypicalScore(), ScoreOf(of_another)), v1::CODE_NOT_CONTRADICTORY);
}

TEST(EvidenceTest, ScoresAreSignedByOneKeyForThisChain) {
  const auto differ = [](v1::Score& score) { score.set_payable_micros(1); };
  EXPECT_EQ(ScoresCode(TypicalScore(), ScoreOf(differ, kNewKey)), v1::CODE_BAD_INNER_SIGNATURE);
  std::string forged = ScoreOf(differ);
  forged[3] = static_cast<char>(forged[3] ^ 1);
  EXPECT_EQ(ScoresCode(TypicalScore(), forged), v1::CODE_BAD_INNER_SIGNATURE);
  EXPECT_EQ(ScoresCode(forged, TypicalScore()), v1::CODE_BAD_INNER_SIGNATURE);
  v1::Body elsewhere = TypicalBody(v1::Body::kScore);
  elsewhere.set_chain_id("other");
  const std::string other_chain = SealBytes(CanonicalBytes(elsewhere), KeyOf(kOperator), "other");
  EXPECT_EQ(ScoresCode(TypicalScore(), other_chain), v1::CODE_BAD_INNER_SIGNATURE);
}

TEST(EvidenceTest, WhatIsNoScoreIsOutOfRange) {
  const std::string forms[] = {
      "",
      TypicalScore().substr(0, TypicalScore().size() - 1),
      TypicalScore() + "\xa0\x06\x01",
      SealTypical(TypicalBody(v1::Body::kDispute)),
      ScoreOf([](v1::Score& score) { score.set_payable_micros(1'000'001); }),
      ScoreOf([](v1::Score& score) { score.clear_nonce(); }),
  };
  for (const std::string& form : forms) {
    EXPECT_EQ(ScoresCode(TypicalScore(), form), v1::CODE_FIELD_OUT_OF_RANGE);
    EXPECT_EQ(ScoresCode(form, TypicalScore()), v1::CODE_FIELD_OUT_OF_RANGE);
  }
}

// Checkpoints.

std::string NoteOf(std::uint64_t size, std::uint8_t root, std::uint64_t height, std::uint8_t app_hash,
                   std::uint8_t key = kCheckpoint, std::string_view origin = kChain) {
  return SignCheckpoint({std::string(origin), size, DigestOf(root), height, DigestOf(app_hash)}, KeyOf(key));
}

v1::Code CheckpointsCode(const std::string& first, const std::string& second) {
  return CodeOf(v1::EVIDENCE_KIND_CHECKPOINTS, first, second);
}

TEST(EvidenceTest, TwoCheckpointsOfOneSizeOrHeightThatDifferContradict) {
  const std::string note = NoteOf(10, 1, 5, 2);
  EXPECT_EQ(CheckpointsCode(note, NoteOf(10, 3, 6, 4)), v1::CODE_OK);
  EXPECT_EQ(CheckpointsCode(note, NoteOf(11, 3, 5, 4)), v1::CODE_OK);
  EXPECT_EQ(CheckpointsCode(note, note), v1::CODE_NOT_CONTRADICTORY);
  EXPECT_EQ(CheckpointsCode(note, NoteOf(11, 3, 6, 4)), v1::CODE_NOT_CONTRADICTORY);
  EXPECT_EQ(CheckpointsCode(note, NoteOf(11, 1, 6, 2)), v1::CODE_NOT_CONTRADICTORY);
}

TEST(EvidenceTest, CheckpointsAreSignedByTheNamedKeyForThisChain) {
  const std::string note = NoteOf(10, 1, 5, 2);
  EXPECT_EQ(CheckpointsCode(note, NoteOf(10, 3, 5, 4, kNewKey)), v1::CODE_BAD_INNER_SIGNATURE);
  EXPECT_EQ(CheckpointsCode(note, NoteOf(10, 3, 5, 4, kCheckpoint, "other")), v1::CODE_BAD_INNER_SIGNATURE);
  v1::Evidence evidence = EvidenceOf(v1::EVIDENCE_KIND_CHECKPOINTS, note, NoteOf(10, 3, 5, 4));
  evidence.set_checkpoint_key(PublicKeyOf(kNewKey));
  EXPECT_EQ(CodeOf(evidence), v1::CODE_BAD_INNER_SIGNATURE);
  evidence.clear_checkpoint_key();
  EXPECT_EQ(CodeOf(evidence), v1::CODE_FIELD_OUT_OF_RANGE);
}

TEST(EvidenceTest, WhatIsNoCheckpointIsOutOfRange) {
  const std::string note = NoteOf(10, 1, 5, 2);
  const std::string other_text = "a text\n";
  const std::string forms[] = {"", note.substr(0, note.size() - 1), note + "\n",
                               FormatNote({other_text, {SignNote(other_text, kChain, KeyOf(kCheckpoint))}})};
  for (const std::string& form : forms) {
    EXPECT_EQ(CheckpointsCode(note, form), v1::CODE_FIELD_OUT_OF_RANGE);
    EXPECT_EQ(CheckpointsCode(form, note), v1::CODE_FIELD_OUT_OF_RANGE);
  }
}

TEST(EvidenceTest, OnlyCheckpointsNameTheirKey) {
  v1::Evidence evidence = EvidenceOf(v1::EVIDENCE_KIND_RECEIPTS, ReceiptOf(1, kVehicle, 2), ReceiptOf(1, kVehicle, 3));
  evidence.set_checkpoint_key(PublicKeyOf(kCheckpoint));
  EXPECT_EQ(CodeOf(evidence), v1::CODE_FIELD_OUT_OF_RANGE);
}

TEST(EvidenceTest, PartsHaveAtMost16384Bytes) {
  // A note is filled up to the limit with signatures of others, then by a byte more.
  const std::string note = NoteOf(10, 1, 5, 2);
  const auto filled = [&](std::size_t size) {
    std::string full = note + "\u2014 ";
    const std::string end = " aWRzaWdu\n";  // Base64 of six bytes.
    full.append(size - full.size() - end.size(), 'n');
    return full + end;
  };
  ASSERT_EQ(filled(16'384).size(), 16'384U);
  EXPECT_EQ(CheckpointsCode(filled(16'384), NoteOf(10, 3, 5, 4)), v1::CODE_OK);
  EXPECT_EQ(CheckpointsCode(filled(16'385), NoteOf(10, 3, 5, 4)), v1::CODE_FIELD_OUT_OF_RANGE);
}

TEST(EvidenceTest, TheSignerIsTheKeyThatSignedBothParts) {
  const PublicKey operator_key = KeyOf(kOperator).public_key();
  EXPECT_EQ(
      EvidenceSigner(EvidenceOf(v1::EVIDENCE_KIND_RECEIPTS, ReceiptOf(1, kVehicle, 2), ReceiptOf(1, kVehicle, 3))),
      operator_key);
  EXPECT_EQ(EvidenceSigner(EvidenceOf(v1::EVIDENCE_KIND_SCORES, TypicalScore(), TypicalScore())), operator_key);
  EXPECT_EQ(EvidenceSigner(EvidenceOf(v1::EVIDENCE_KIND_CHECKPOINTS, NoteOf(1, 1, 1, 1), NoteOf(1, 2, 1, 1))),
            KeyOf(kCheckpoint).public_key());
}

}  // namespace
}  // namespace giot::ledger
